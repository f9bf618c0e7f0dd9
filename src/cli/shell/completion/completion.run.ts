import { readConfig } from '../../../config/config.js';
import { exitCodes, FlowError } from '../../../errors.js';
import type { Command, OptionSpec, Run } from '../command.js';
import type { Context } from '../context.js';
import type { completionDeclaration } from './completion.js';
import { namesOf } from './completion-names.js';
import { scripts, type Wanted, wanted } from './completion-words.js';

/** @param all the commands that are completed, itself among them */
export const completion =
  (all: readonly Command[], globals: readonly OptionSpec[]): Run<typeof completionDeclaration> =>
  async (context, [shell, words]) => {
    if (shell === 'words') {
      const found = await wordsOf(context, wanted(words, all, globals));
      context.out.document({ words: found }, found);
      return exitCodes.ok;
    }
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) {
      throw new FlowError(exitCodes.usage, 'UnknownShell', `completion is not supported for ${shell}`, {
        hint: 'mbc-flow completion bash',
      });
    }
    context.out.document({ shell, script }, [script]);
    return exitCodes.ok;
  };

async function wordsOf(context: Context, candidates: Wanted): Promise<readonly string[]> {
  if (candidates.kind === 'files') return [':files'];
  if (candidates.kind === 'targets') return ['local', ...Object.keys(readConfig(context.cwd).targets)];
  if (candidates.kind === 'words') return candidates.words;
  const found = await Promise.all(candidates.names.map((kind) => namesOf(context, kind, candidates.target)));
  // A word is a line.
  return [...candidates.words, ...found.flat().filter((name) => !/[\t\r\n]/.test(name))];
}
