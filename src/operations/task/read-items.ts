import { createHash } from 'node:crypto';
import type { CsvCheckOptions, CsvReport } from '../../csv/check.js';
import { createRowReader } from '../../csv/row-reader.js';
import { exitCodes, FlowError } from '../../errors.js';
import {
  type Item,
  type ItemProblem,
  itemOf,
  itemsOfArray,
  itemsOfLines,
} from '../../framework/task/item-text.js';
import type { FileSource } from '../../ports/file-source.js';
import { checkFile, refuseErrors } from '../import/check-file.js';

/** The items of a batch as they were read, from a file or (as those of a former batch) from elsewhere. */
export interface ItemList {
  /** As the user named it. */
  path: string;
  /** What the batch is called after. */
  name: string;
  items: Item[];
  /** Of a CSV. */
  report?: CsvReport;
}

const mostProblems = 20;

/**
 * Reads the items of a file: a JSON array, one JSON value on each line, or a CSV with a header. Its name tells which,
 * or (standard input) its first character.
 * @throws FlowError 2 that lists what is wrong with the file, each with its place
 */
export async function readItems(source: FileSource, options: CsvCheckOptions): Promise<ItemList> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read()) chunks.push(Uint8Array.from(chunk));
  const bytes = withoutBom(Buffer.concat(chunks));
  const form = formOf(source.name, bytes);
  const named = { path: source.path, name: source.name.replace(/\.[^.]*$/, '') };
  const read: { items: Item[]; report?: CsvReport } =
    form === 'csv' ? await readRows(source, bytes, options) : readJson(source, bytes, form);
  if (read.items.length > 0) return { ...named, ...read };
  throw new FlowError(exitCodes.usage, 'NoItems', 'it contains no items', {
    where: `${source.path}:1:1`,
    hint: 'a JSON array, one JSON value on each line, or a CSV with a header',
  });
}

/** Tells lists of the same items apart from all others. */
export function digestOfItems(items: readonly Item[]): string {
  const hash = createHash('sha256');
  for (const { text } of items) hash.update(`${text}\n`);
  return hash.digest('hex');
}

const withoutBom = (bytes: Buffer): Buffer =>
  bytes.subarray(0, 3).equals(Buffer.from('\ufeff')) ? bytes.subarray(3) : bytes;

function formOf(name: string, bytes: Buffer): 'array' | 'lines' | 'csv' {
  const extension = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (['csv', 'tsv', 'txt'].includes(extension)) return 'csv';
  if (['ndjson', 'jsonl'].includes(extension)) return 'lines';
  if (extension === 'json') return 'array';
  const first = /[^\s]/.exec(bytes.subarray(0, 4_096).toString('latin1'))?.[0] ?? '';
  return first === '[' ? 'array' : first === '{' || first === '"' ? 'lines' : 'csv';
}

function readJson({ path }: FileSource, bytes: Buffer, form: 'array' | 'lines'): { items: Item[] } {
  const text = decoded(path, bytes);
  if (text.trim() === '') return { items: [] };
  const { items, problems } = form === 'array' ? itemsOfArray(text) : itemsOfLines(text);
  refuseProblems(path, problems);
  return { items };
}

function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const line = firstInvalidLine(bytes);
    throw new FlowError(exitCodes.usage, 'NotUtf8', 'this line is not valid UTF-8, which JSON requires', {
      where: `${path}:${line}:1`,
      hint: `iconv -f SHIFT_JIS -t UTF-8 ${path}; a CSV may be in any encoding`,
      cause: error,
    });
  }
}

function firstInvalidLine(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  return 1 + lines.findIndex((line) => Buffer.from(line, 'latin1').toString('utf8').includes('\ufffd'));
}

function refuseProblems(path: string, problems: ItemProblem[]): void {
  const [first, ...rest] = problems;
  if (!first) return;
  const place = ({ line, column }: ItemProblem): string => `${path}:${line}:${column}`;
  const listed = rest.slice(0, mostProblems - 1).map((problem) => `\n  ${place(problem)} ${problem.message}`);
  const more = rest.length >= mostProblems ? [`\n  … and ${rest.length + 1 - mostProblems} more`] : [];
  throw new FlowError(exitCodes.usage, first.code, [first.message, ...listed, ...more].join(''), {
    where: place(first),
    details: { file: path, problems: problems.slice(0, mostProblems) },
  });
}

/** A row is an object: its cells, all of them texts, by the names of the columns. */
async function readRows(
  source: FileSource,
  bytes: Buffer,
  options: CsvCheckOptions,
): Promise<{ items: Item[]; report?: CsvReport }> {
  const held: FileSource = {
    ...source,
    stamp: async () => '',
    async *read() {
      yield bytes;
    },
  };
  const file = await checkFile(held, options);
  refuseErrors(file);
  const rows = createRowReader(file.dialect);
  const items = [...rows.push(bytes), ...rows.end()].map(({ item, line }) =>
    itemOf(JSON.stringify(item), line),
  );
  return { items, report: file.report };
}
