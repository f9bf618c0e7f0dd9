import { exitCodes, FlowError } from '../../errors.js';
import type { Command, CommandOption, Context } from './command.js';

/** A shell waits for each word: what does not answer so soon is not offered. */
const patienceMilliseconds = 1_500;

/** `completion`; `all` are the commands that it completes, itself among them. */
export const completionOf = (all: () => Command[], globals: readonly CommandOption[]): Command => ({
  name: 'completion',
  summary: 'Completion of commands, flags, targets and machines for your shell',
  arguments: [
    { syntax: '<shell>', description: 'bash, zsh or fish' },
    { syntax: '[words...]', description: 'used by the shell: the words of a command line so far' },
  ],
  examples: [
    { line: 'mbc-flow completion bash', what: 'as source <(mbc-flow completion bash) in ~/.bashrc' },
    { line: 'mbc-flow completion zsh', what: 'as source <(mbc-flow completion zsh) in ~/.zshrc' },
    { line: 'mbc-flow completion fish', what: 'as mbc-flow completion fish | source in config.fish' },
  ],
  async run(context, [shell, words]) {
    const { scripts, wanted } = await import('./completion-words.js');
    if (shell === 'words') {
      const given = Array.isArray(words) ? words : [];
      const candidates = wanted(given, all(), globals);
      for (const word of await wordsOf(
        context,
        candidates.kind,
        'words' in candidates ? candidates.words : [],
      ))
        context.out.line(word);
      return exitCodes.ok;
    }
    const script = scripts[String(shell)];
    if (script === undefined) {
      throw new FlowError(exitCodes.usage, 'UnknownShell', `there is no completion for ${String(shell)}`, {
        hint: 'mbc-flow completion bash, zsh or fish',
      });
    }
    context.out.line(script);
    return exitCodes.ok;
  },
});

async function wordsOf(context: Context, kind: string, words: string[]): Promise<string[]> {
  if (kind === 'files') return [':files'];
  if (kind === 'targets') {
    const { readConfig } = await import('../../config/config.js');
    return ['local', ...Object.keys(readConfig(context.cwd).targets)];
  }
  return kind === 'machines' ? await machineNames(context) : words;
}

/** A target that is slow, or not there, is no reason to say anything. */
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
