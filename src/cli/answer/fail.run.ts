import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import type { declaration } from './fail.js';
import { textOption } from './read-answer.js';

export const run: Run<typeof declaration> = async (context, [references], options) => {
  const decision = {
    verb: 'fail',
    error: textOption(options.error),
    cause: textOption(options.cause),
  } as const;
  return await answer(context, [references ?? []].flat(), options, decision);
};
