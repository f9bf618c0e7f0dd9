import { command, declare } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { choosing, forcing, many } from './options.js';

export const declaration = declare({
  name: 'reject',
  changes: true,
  summary: 'Reject a request by its id',
  description:
    'Fails the task with the error Rejected; where the state after it is a Choice on `approved`, answers {"approved":false,…} instead. The question shows which.',
  arguments: [{ syntax: '[requestId...]', description: requestReference }],
  options: [
    { flags: '--reason <text>', description: 'why' },
    {
      flags: '--as <way>',
      description: 'fail the task, or answer it with approved: false',
      choices: ['failure', 'answer'],
    },
    ...many,
    ...choosing,
    forcing,
  ],
  examples: [
    { line: 'mbc-flow reject r-1 --reason "over budget"', what: 'one request' },
    {
      line: 'mbc-flow reject r-1 --reason no --as failure',
      what: 'as a failed task, whatever comes after it',
    },
  ],
});

export const reject = command(declaration, () => import('./reject.run.js'));
