import { exitCodes, FlowError } from '../../errors.js';
import type { Command } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { answer } from './answer.js';
import { choosing, forcing, many, textOption } from './options.js';

export const reject: Command = {
  name: 'reject',
  changes: true,
  summary: 'Answer an approval with no',
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
  async run(context, [requestIds], options) {
    const reason = textOption(options.reason);
    if (reason === undefined) {
      throw new FlowError(exitCodes.usage, 'BadUsage', 'a rejection needs a reason', {
        hint: '--reason "…"',
      });
    }
    const as = options.as as 'failure' | 'answer' | undefined;
    return await answer(context, [requestIds ?? []].flat(), options, { verb: 'reject', reason, as });
  },
};
