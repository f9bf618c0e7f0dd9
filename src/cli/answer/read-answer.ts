import { readText } from '../../files/read-text.js';
import type { Json } from '../../json/json.js';
import { parseOwn } from '../../json/lossless.js';
import type { Context } from '../shell/context.js';
import { readJsonArgument } from '../shell/input/json-argument.js';

const answerFlag = {
  flag: '--answer',
  what: 'answer',
  code: 'InvalidAnswer',
  example: '{"approved":true}',
};

/** The JSON that `--answer` means: text, @file, or - for stdin. @throws FlowError 2 with the place of the mistake */
export async function readAnswer(context: Context, given: string | undefined): Promise<Json | undefined> {
  if (given === undefined) return undefined;
  return parseOwn((await readJsonArgument(context, given, answerFlag)).text);
}

/** Request ids of `--from`: one a line, blank lines and repetitions left out. */
export async function readIds(context: Context, file: string): Promise<string[]> {
  const lines = (await readText(context, file)).split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
