import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import type { declaration } from './approve.js';
import { readAnswer, textOption } from './read-answer.js';

export const run: Run<typeof declaration> = async (context, [requestIds], options) => {
  const decision = {
    verb: 'approve',
    comment: textOption(options.comment),
    answer: await readAnswer(context, options.answer),
  } as const;
  return await answer(context, [requestIds ?? []].flat(), options, decision);
};
