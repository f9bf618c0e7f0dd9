import { readConfig } from '../../config/config.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { Command, OptionSpec, Run } from './command.js';
import type { completionDeclaration } from './completion.js';
import { scripts, wanted } from './completion-words.js';
import type { Context } from './context.js';

/** A shell waits for each word: what does not answer so soon is not offered. */
const patienceMilliseconds = 1_500;

/** @param all the commands that are completed, itself among them */
export const completion =
  (all: readonly Command[], globals: readonly OptionSpec[]): Run<typeof completionDeclaration> =>
  async (context, [shell, words]) => {
    if (shell === 'words') {
      const candidates = wanted(words, all, globals);
      const known = 'words' in candidates ? candidates.words : [];
      for (const word of await wordsOf(context, candidates.kind, known)) context.out.line(word);
      return exitCodes.ok;
    }
    const script = scripts[shell];
    if (script === undefined) {
      throw new FlowError(exitCodes.usage, 'UnknownShell', `completion is not supported for ${shell}`, {
        hint: 'mbc-flow completion bash, zsh or fish',
      });
    }
    context.out.line(script);
    return exitCodes.ok;
  };

async function wordsOf(context: Context, kind: string, words: readonly string[]): Promise<readonly string[]> {
  if (kind === 'files') return [':files'];
  if (kind === 'targets') {
    return ['local', ...Object.keys(readConfig(context.cwd).targets)];
  }
  return kind === 'machines' ? await machineNames(context) : words;
}

/** A slow or missing target is not reported: completion offers nothing then. */
async function machineNames(context: Context): Promise<string[]> {
  const late = context.clock.sleep(patienceMilliseconds, context.signal).then(() => []);
  const found = async (): Promise<string[]> => {
    const target = await context.connect({ changes: false });
    const names: string[] = [];
    for await (const { name } of target.gateways.states.listStateMachines()) names.push(name);
    return names;
  };
  return await Promise.race([found().catch(() => []), late.catch(() => [])]);
}
