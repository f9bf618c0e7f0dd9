import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'task show',
  summary: 'Show the outcome of each item of a batch, even if its execution SUCCEEDED',
  arguments: [
    {
      syntax: '<reference>',
      description: 'batch, execution, or id of a record of the framework (SFN_TASK#…)',
    },
  ],
  examples: [
    {
      line: 'mbc-flow task show items-1f0c2d9a3b4e5f60',
      what: 'counts, failures with reasons, and next steps',
    },
    { line: 'mbc-flow task show @last -o json', what: 'any execution that processes items' },
  ],
});

export const taskShow = command(declaration, () => import('./show.run.js'));
