import { exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import type { Json } from '../../json/json.js';
import { jsonErrorOffset, positionOf } from '../../json/source.js';
import { jsonFault } from '../../json/text.mjs';
import type { Context } from '../shell/context.js';

/** The JSON that `--answer` means: text, @file, or - for stdin. @throws FlowError 2 with the place of the mistake */
export async function readAnswer(context: Context, given: string | undefined): Promise<Json | undefined> {
  if (given === undefined) return undefined;
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
