import { exitCodes, FlowError } from '../../errors.js';
import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import { textOption } from './read-answer.js';
import type { declaration } from './reject.js';

export const run: Run<typeof declaration> = async (context, [requestIds], options) => {
  const reason = textOption(options.reason);
  if (reason === undefined) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'a rejection needs a reason', {
      hint: '--reason "…"',
    });
  }
  const as = options.as as 'failure' | 'answer' | undefined;
  return await answer(context, [requestIds ?? []].flat(), options, { verb: 'reject', reason, as });
};
