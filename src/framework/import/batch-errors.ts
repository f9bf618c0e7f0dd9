import { isObject, type Json, parsedJson } from '../../json/json.js';
import { readLogLine } from '../../workflow/history/json-in-log-line.js';

/** A row that the framework could not publish as a command, as the error of its whole batch tells of it. */
export interface BatchError {
  /** What the app's strategy had made of the row. */
  data: Json;
  reason: string;
}

/** What the framework's error for a batch of queued rows begins with: lines of logs are found by it. */
export const batchErrorWords = 'Batch processing completed with';

/**
 * The rows that a line of a function's log tells of: `… Details: [Row 1 - Data: {…} Error: why] | [Row 2 - …]`, in
 * text or within JSON. Its row numbers count the errors, so that only the data tells which rows they are.
 */
export function batchErrors(line: string): BatchError[] {
  const text = textOf(line);
  return text === undefined ? [] : [...entriesOf(text)];
}

/** The sentence out of the line, as it was thrown: in JSON, its quotes are escaped. */
function textOf(line: string): string | undefined {
  if (!line.includes(batchErrorWords)) return undefined;
  const at = line.search(/[[{]/);
  const json = readLogLine(line) ?? (at < 0 ? undefined : parsedJson(line.slice(at)));
  return (json === undefined ? undefined : sentenceIn(json)) ?? line;
}

function sentenceIn(json: Json): string | undefined {
  if (typeof json === 'string') return json.includes(batchErrorWords) ? (textOf(json) ?? json) : undefined;
  if (typeof json !== 'object' || json === null) return undefined;
  for (const inner of Object.values(json)) {
    const found = sentenceIn(inner as Json);
    if (found !== undefined) return found;
  }
  return undefined;
}

const entryStart = '[Row ';
const entryHead = /^\[Row \d+ - Data: /;
const between = ' Error: ';
const next = /\] \| (?=\[Row \d+ - Data: )/;

function* entriesOf(text: string): Generator<BatchError> {
  for (let at = text.indexOf(entryStart); at >= 0; at = text.indexOf(entryStart, at)) {
    const head = entryHead.exec(text.slice(at, at + 40))?.[0];
    // What the data says may look like another entry: it is read over.
    const data = head === undefined ? undefined : leadingObject(text.slice(at + head.length));
    at += (head ?? entryStart).length + (data?.length ?? 0);
    const value = parsedJson(data);
    const after = text.slice(at);
    if (!isObject(value) || !after.startsWith(between)) continue;
    const said = after.slice(between.length);
    const end = next.exec(said);
    // The last one is followed by a stack, or by nothing.
    const reason = end ? said.slice(0, end.index) : said.replace(/\n\s+at [\s\S]*$/, '').replace(/\]$/, '');
    yield { data: value, reason: reason.trim() };
  }
}

/** The JSON object that a text begins with; undefined where there is none, or it is cut off. */
function leadingObject(text: string): string | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return text.slice(0, at + 1);
    if (depth === 0) return undefined;
  }
  return undefined;
}
