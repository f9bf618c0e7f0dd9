import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'import show',
  summary: 'Show an import job: the outcome of its rows, failed rows, the files of a ZIP',
  arguments: [
    { syntax: '<job>', description: 'job id (CSV_IMPORT#…, ZIP_IMPORT#…) or its execution' },
    {
      syntax: '[file.csv]',
      description: 'the file that was imported, where the uploaded one is gone',
    },
  ],
  options: [
    { flags: '--watch', description: 'until the job and its rows have finished' },
    { flags: '--failed-rows <file>', description: 'write the failed rows and the reasons to a CSV' },
  ],
  examples: [
    {
      line: "mbc-flow import show 'CSV_IMPORT#t1#products#01M8JH35APHFJXJGNXJHJ9KFXX'",
      what: 'counts, failed rows with line and reason, and what it is waiting for',
    },
    { line: 'mbc-flow import show @last --watch', what: 'the last import that was started' },
    {
      line: 'mbc-flow import show @last --failed-rows failed.csv',
      what: 'its failed rows, to correct and import again',
    },
  ],
});

export const importShow = command(declaration, () => import('./show.run.js'));
