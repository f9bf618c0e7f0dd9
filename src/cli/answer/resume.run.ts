import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import { resumeChainOf } from './command-chain.js';
import { readAnswer } from './read-answer.js';
import type { declaration } from './resume.js';

export const run: Run<typeof declaration> = async (context, [references], options) => {
  const decision = { verb: 'resume', answer: await readAnswer(context, options.answer) } as const;
  const act = options.chain ? resumeChainOf : answer;
  return await act(context, references, options, decision);
};
