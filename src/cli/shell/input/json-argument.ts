import { exitCodes, FlowError } from '../../../errors.js';
import { readText } from '../../../files/read-text.js';
import { jsonErrorOffset, positionOf } from '../../../json/json-positions.js';
import { jsonFault } from '../../../json/parse.mjs';
import type { Context } from '../context.js';
import type { Document } from './read-documents.js';

/** What the error says of a text that is not JSON. */
interface JsonFlag {
  /** `--input` */
  flag: string;
  /** `input` */
  what: string;
  /** `InvalidInput` */
  code: string;
  /** JSON that the flag takes, for the hint. */
  example: string;
}

/** The JSON text that a flag means: the text itself, @file, or - for stdin. @throws FlowError 2 with its place when it is not JSON */
export async function readJsonArgument(
  context: Pick<Context, 'cwd' | 'stdin'>,
  given: string,
  { flag, what, code, example }: JsonFlag,
): Promise<Document> {
  const file = given === '-' ? given : given.startsWith('@') ? given.slice(1) : undefined;
  const text = file === undefined ? given : await readText(context, file);
  const where = file === undefined ? flag : file === '-' ? 'stdin' : file;
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return { text, where };
  const { line, column } = positionOf(text, offset);
  throw new FlowError(exitCodes.usage, code, `the ${what} ${jsonFault(text)}`, {
    where: `${where}:${line}:${column}`,
    hint: `${flag} '${example}', ${flag} @file.json, or ${flag} - for stdin`,
  });
}
