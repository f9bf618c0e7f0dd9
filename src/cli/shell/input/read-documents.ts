import { exitCodes, FlowError } from '../../../errors.js';
import { readText } from '../../../files/read-text.js';
import { jsonErrorOffset, positionOf } from '../../../json/json-positions.js';
import { jsonFault, tooDeepAt } from '../../../json/parse.mjs';
import type { Context } from '../context.js';

/** A text of the user's, and where it stood. */
export interface Document {
  text: string;
  where: string;
}

/** What an argument means: a file (with or without `@`), stdin (`-`), or the text itself. */
export async function readArgument(context: Context, given: string): Promise<Document> {
  if (/^\s*[{["]/.test(given)) return { text: given, where: 'the command line' };
  const file = given.startsWith('@') ? given.slice(1) : given;
  return { text: await readText(context, file), where: file === '-' ? 'stdin' : file };
}

/**
 * One JSON document, or one on each line (NDJSON).
 * @throws FlowError 2 with the place where it is neither
 */
export function jsonDocuments({ text, where }: Document): Document[] {
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return [{ text, where }];
  const lines = text
    .split('\n')
    .map((line, index) => ({ text: line, where: `${where}:${index + 1}` }))
    .filter((line) => line.text.trim() !== '');
  if (lines.length > 1 && jsonErrorOffset(lines[0]?.text ?? '') === undefined) {
    const broken = lines.find((line) => jsonErrorOffset(line.text) !== undefined);
    if (!broken) return lines;
    throw notJson(broken.text, `${broken.where}:${(jsonErrorOffset(broken.text) ?? 0) + 1}`);
  }
  const { line, column } = positionOf(text, offset);
  throw notJson(text, `${where}:${line}:${column}`);
}

const notJson = (text: string, where: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'InvalidInput',
    tooDeepAt(text) === undefined
      ? 'this is neither JSON nor NDJSON (one JSON document per line)'
      : `this ${jsonFault(text)}`,
    { where },
  );
