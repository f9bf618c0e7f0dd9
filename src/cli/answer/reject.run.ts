import { exitCodes, FlowError } from '../../errors.js';
import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import type { declaration } from './reject.js';

export const run: Run<typeof declaration> = async (context, [requestIds], options) => {
  const { reason, as } = options;
  if (reason === undefined)
    throw new FlowError(exitCodes.usage, 'BadUsage', 'a rejection needs a reason', { hint: '--reason "…"' });
  return await answer(context, requestIds, options, { verb: 'reject', reason, as });
};
