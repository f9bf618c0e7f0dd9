import type { Json } from '../../../json/json.js';
import { endOfString } from '../../../json/parse.mjs';

/** A step's input: its rows as JSON texts, and all that stands beside them. */
export interface BatchRows {
  rows: string[];
  rest: Json;
}

/**
 * The rows of `{BatchInput, Items}`, as they stand in the text: most of it is rows that are stored as they came.
 * @param text JSON without blanks
 * @returns undefined where there is no list of Items
 */
export function batchRows(text: string): BatchRows | undefined {
  if (!text.startsWith('{')) return undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      // A name and not a value: a colon follows it.
      if (depth === 1 && text.startsWith(ITEMS, at)) {
        const begin = at + ITEMS.length;
        const { rows, end } = elements(text, begin);
        return { rows, rest: JSON.parse(text.slice(0, begin) + text.slice(end)) as Json };
      }
      at = endOfString(text, at);
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return undefined;
}

const ITEMS = '"Items":[';

// Of its own: where the bundle is split an import is a call.
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The elements of the array that opens before `begin`, and where it closes. */
function elements(text: string, begin: number): { rows: string[]; end: number } {
  const rows: string[] = [];
  let from = begin;
  let depth = 0;
  let at = begin;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (depth > 0 && (code === CLOSE_BRACE || code === CLOSE_BRACKET)) depth--;
    else if (depth === 0 && (code === COMMA || code === CLOSE_BRACKET)) {
      if (at > from) rows.push(text.slice(from, at));
      from = at + 1;
      if (code === CLOSE_BRACKET) break;
    }
  }
  return { rows, end: at };
}
