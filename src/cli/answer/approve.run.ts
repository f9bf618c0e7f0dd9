import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import type { declaration } from './approve.js';
import { readAnswer } from './read-answer.js';

export const run: Run<typeof declaration> = async (context, [requestIds], options) =>
  await answer(context, requestIds, options, {
    verb: 'approve',
    comment: options.comment,
    answer: await readAnswer(context, options.answer),
  });
