import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import { resumeChainOf } from './command-chain.js';
import { readAnswer } from './read-answer.js';
import type { declaration } from './resume.js';

export const run: Run<typeof declaration> = async (context, [references], options) => {
  const decision = { verb: 'resume', answer: await readAnswer(context, options.answer) } as const;
  const named = [references ?? []].flat();
  if (options.chain === true) {
    return await resumeChainOf(context, named, options, decision);
  }
  return await answer(context, named, options, decision);
};
