import type { CommanderError } from 'commander';
import { exitCodes, FlowError } from '../../errors.js';
import type { Command } from './command.js';

/** Names that other tools use for our changing commands: suggested by this list, never by similarity. */
const elsewhere: Record<string, string> = {
  cancel: 'stop',
  kill: 'stop',
  abort: 'stop',
  retry: 'redrive',
  resubmit: 'rerun',
  run: 'start',
  execute: 'start',
};

/** No command that changes something is suggested for looking like what was typed. */
export function unknownCommand(
  argv: string[],
  error: CommanderError,
  commands: readonly Command[],
): FlowError {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? argv[0] ?? '';
  const known = Object.hasOwn(elsewhere, word) ? elsewhere[word] : undefined;
  const like = commands.filter(({ changes }) => !changes).map(({ name }) => name);
  const near = known ?? like.find((name) => isTypoOf(word, name));
  return new FlowError(exitCodes.usage, 'BadUsage', `unknown command '${word}'`, {
    hint: near === undefined ? 'mbc-flow --help' : `mbc-flow ${near} --help`,
  });
}

/** One letter more, less or other, or two neighbours exchanged. */
function isTypoOf(word: string, name: string): boolean {
  if (word === name || Math.abs(word.length - name.length) > 1 || word.length < 3) return false;
  let at = 0;
  while (at < word.length && word[at] === name[at]) at++;
  const rest = (text: string, from: number): string => text.slice(from);
  return (
    rest(word, at + 1) === rest(name, at + 1) ||
    rest(word, at + 1) === rest(name, at) ||
    rest(word, at) === rest(name, at + 1) ||
    (word[at] === name[at + 1] && word[at + 1] === name[at] && rest(word, at + 2) === rest(name, at + 2))
  );
}
