import { exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import type { Json } from '../../json/json.js';
import { jsonErrorOffset, positionOf } from '../../json/source.js';
import { jsonFault } from '../../json/text.mjs';
import type { CommandOption, Context } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

/** Options that say which paused step is meant; all answers take them. */
export const choosing: CommandOption[] = [
  {
    flags: '--execution <execution>',
    description: `only in this execution: ${executionReference}`,
  },
  { flags: '--machine <machine>', description: 'only of this state machine: role, name or ARN' },
  { flags: '--state <name>', description: 'only this state' },
  {
    flags: '--match <path=value...>',
    description: 'only where this is so, in what was sent, the state’s input or the execution’s',
  },
  { flags: '--deep', description: 'read every running execution, remembered or not' },
];

/** Options of answers to many. */
export const many: CommandOption[] = [
  { flags: '--from <file>', description: 'request ids, one a line; - is stdin' },
  { flags: '--all', description: 'everything that --match, --machine and --state leave' },
  {
    flags: '--again',
    description: 'answer all of --from anew: do not go on where the same line was broken off',
  },
];

export const forcing: CommandOption = {
  flags: '--force',
  description: 'send also what the execution would break on',
};

export const tokenFromStdin: CommandOption = {
  flags: '--token-stdin',
  description:
    'answer the task token that stdin has; with --execution it is checked and proven, without it needs --force',
};

/** The JSON that `--answer` means: text, @file, or - for stdin. @throws FlowError 2 with the place of the mistake */
export async function readAnswer(context: Context, given: unknown): Promise<Json | undefined> {
  if (typeof given !== 'string') return undefined;
  const file = given === '-' ? '-' : given.startsWith('@') ? given.slice(1) : undefined;
  const text = file === undefined ? given : await readText(context, file);
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return JSON.parse(text) as Json;
  const { line, column } = positionOf(text, offset);
  const where = file === undefined ? '--answer' : file === '-' ? 'stdin' : file;
  throw new FlowError(exitCodes.usage, 'InvalidAnswer', `the answer ${jsonFault(text)}`, {
    where: `${where}:${line}:${column}`,
    hint: `--answer '{"approved":true}', --answer @file.json, or --answer - for stdin`,
  });
}

/** Request ids of `--from`: one a line, blank lines and repetitions left out. */
export async function readIds(context: Context, file: string): Promise<string[]> {
  const lines = (await readText(context, file)).split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

export const textOption = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
