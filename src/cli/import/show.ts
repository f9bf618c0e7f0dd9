import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'import show',
  summary: 'What became of an import job: its rows to their end, those that failed, the files of a ZIP',
  arguments: [{ syntax: '<job>', description: 'id of a job (CSV_IMPORT#…, ZIP_IMPORT#…), or its execution' }],
  options: [{ flags: '--watch', description: 'until the job and its rows are at their end' }],
  examples: [
    {
      line: "mbc-flow import show 'CSV_IMPORT#t1#products#01M8JH35APHFJXJGNXJHJ9KFXX'",
      what: 'counts, failed rows with line and reason, what it waits for',
    },
    { line: 'mbc-flow import show @last --watch', what: 'of the import that was started last' },
  ],
});

export const importShow = command(declaration, () => import('./show.run.js'));
