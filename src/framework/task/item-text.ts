import { JsonSyntaxError, parseJsonSource } from '../../json/json-positions.js';

/** One item of a batch. */
export interface Item {
  /** JSON without spaces between its tokens; numbers and texts as they were written. */
  text: string;
  /** Of `text`, in UTF-8. */
  bytes: number;
  /** Where it stands in its file (from 1). */
  line?: number;
}

/** What is wrong with a text of items, and where (from 1). */
export interface ItemProblem {
  code: 'InvalidJson' | 'NotAnArray';
  line: number;
  column: number;
  message: string;
}

export const itemOf = (text: string, line?: number): Item => ({
  text,
  bytes: new TextEncoder().encode(text).length,
  ...(line !== undefined && { line }),
});

/** The items of a JSON array. */
export function itemsOfArray(text: string): { items: Item[]; problems: ItemProblem[] } {
  const lines = createLineCounter(text);
  const parsed = parse(text);
  if ('problem' in parsed)
    return { items: [], problems: [{ ...lines(parsed.problem.at), ...parsed.problem }] };
  const { root, value } = parsed;
  if (!Array.isArray(value)) {
    const message = `the file holds ${kindOf(value)}; items are an array, or one on each line (.ndjson)`;
    return { items: [], problems: [{ code: 'NotAnArray', ...lines(root.start), message }] };
  }
  const items = [...(root.members?.values() ?? [])].map(({ start, end }) =>
    itemOf(compact(text.slice(start, end)), lines(start).line),
  );
  return { items, problems: [] };
}

/** The items of a text with one on each line; blank lines are none. */
export function itemsOfLines(text: string): { items: Item[]; problems: ItemProblem[] } {
  const items: Item[] = [];
  const problems: ItemProblem[] = [];
  text.split(/\r\n|\n/).forEach((content, index) => {
    const line = index + 1;
    if (content.trim() === '') return;
    const parsed = parse(content);
    if ('problem' in parsed) problems.push({ ...parsed.problem, line, column: parsed.problem.at + 1 });
    else items.push(itemOf(compact(content), line));
  });
  return { items, problems };
}

type Problem = Omit<ItemProblem, 'line' | 'column'> & { at: number };

function parse(text: string): ReturnType<typeof parseJsonSource> | { problem: Problem } {
  try {
    return parseJsonSource(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      return {
        problem: { code: 'InvalidJson', at: error.offset, message: `this is no JSON: ${error.message}` },
      };
    throw error;
  }
}

/** Takes away the spaces between tokens, and nothing else: a long number stays as it is. */
const compact = (json: string): string => json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text = '') => text);

const kindOf = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? 'one object' : `a ${typeof value}`;

/** Line and column of offsets that are asked for in ascending order. */
function createLineCounter(text: string): (offset: number) => { line: number; column: number } {
  let line = 1;
  let start = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', start); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
      line++;
      start = next + 1;
    }
    return { line, column: offset - start + 1 };
  };
}
