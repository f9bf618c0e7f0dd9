import type { CommanderError } from 'commander';
import { exitCodes, FlowError } from '../../errors.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { Command, OptionSpec } from './command.js';
import { globalOptions } from './global-options.js';

/** Output formats as other tools call them; where we lack one, what it can be made of. */
const forms: Record<string, string> = {
  text: 'text',
  table: 'text',
  json: 'json',
  yaml: 'json',
  yml: 'json',
  csv: 'json',
  tsv: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  jsonlines: 'ndjson',
};
const formOf = (word = ''): string[] => (Object.hasOwn(forms, word) ? ['-o', forms[word] ?? ''] : []);

/** True where a flag is known, and what it was given is not. */
export const isWrongValue = ({ code }: CommanderError): boolean =>
  code === 'commander.invalidArgument' || code === 'commander.optionMissingArgument';

/** @param name of the command whose help is suggested; undefined for the general help */
export function usageError(
  error: CommanderError,
  argv: string[],
  name: string | undefined,
  commands: readonly Command[],
): FlowError {
  const message = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
  const own = commands.find((command) => command.name === name)?.options ?? [];
  return new FlowError(exitCodes.usage, 'BadUsage', message, {
    hint: corrected(error, argv, own) ?? `mbc-flow ${name === undefined ? '' : `${name} `}--help`,
  });
}

/** The line as it was meant: with the flag that has this value, or the value in our words. */
function corrected(
  { code, message }: CommanderError,
  argv: string[],
  own: readonly OptionSpec[],
): string | undefined {
  if (code === 'commander.unknownOption') {
    const flag = /'(.+?)[=']/.exec(message)?.[1] ?? '';
    const at = argv.findIndex((word) => word.split('=')[0] === flag);
    const value = argv[at]?.split('=')[1];
    if (flag !== '--format' && flag !== '--output-format') return retyped(argv, at, 1, formOf(flag.slice(2)));
    return retyped(argv, at, value === undefined ? 2 : 1, formOf(value ?? argv[at + 1]));
  }
  const [, flags, given = ''] = /^error: option '(.+?)' argument '=?(.*?)' is invalid/.exec(message) ?? [];
  if (flags === undefined) return undefined;
  const names: string[] = flags.match(/--?[a-z-]+/g) ?? [];
  const at = argv.findIndex((word) => names.some((name) => word.startsWith(name)) && word.endsWith(given));
  const before = argv.findIndex((word, index) => names.includes(word) && argv[index + 1] === given);
  const meant =
    inFamily(flags, given, own) ?? (names.includes('--output') ? formOf(given.toLowerCase()) : []);
  return before < 0 ? retyped(argv, at, 1, meant) : retyped(argv, before, 2, meant);
}

/** The flag that this value is one of: the same one, in its own case, or another of the command. */
function inFamily(flags: string, given: string, own: readonly OptionSpec[]): string[] | undefined {
  const all = [...own, ...globalOptions];
  for (const option of [...all.filter((one) => one.flags === flags), ...all]) {
    const value = option.choices?.find((choice) => choice.toLowerCase() === given.toLowerCase());
    if (value !== undefined) return [/^-\w|--[a-z-]+/.exec(option.flags)?.[0] ?? '', value];
  }
  return undefined;
}

/**
 * The line with other words at its end, where each command knows its own flags, in place of those from `at` on;
 * undefined where there are none, or a password or a task token would be repeated.
 */
function retyped(argv: string[], at: number, count: number, words: string[]): string | undefined {
  const isSecret = (word: string): boolean => /\/\/[^/]*@/.test(word) || redactTokens(word) !== word;
  if (at < 0 || words.length === 0 || argv.some((word) => word === '--' || isSecret(word))) return undefined;
  return ['mbc-flow', ...[...argv.toSpliced(at, count), ...words].map(shellWord)].join(' ');
}
