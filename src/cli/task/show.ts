import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'task show',
  summary: 'What became of the items of a batch, also where its execution says SUCCEEDED',
  arguments: [
    {
      syntax: '<reference>',
      description: 'batch, execution, or id of a record of the framework (SFN_TASK#…)',
    },
  ],
  examples: [
    {
      line: 'mbc-flow task show items-1f0c2d9a3b4e5f60',
      what: 'counts, what failed and why, what to type next',
    },
    { line: 'mbc-flow task show @last -o json', what: 'of any execution over items' },
  ],
});

export const taskShow = command(declaration, () => import('./show.run.js'));
