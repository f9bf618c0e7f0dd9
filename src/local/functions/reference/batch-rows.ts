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
  for (let at = 1; at < text.length; at = endOfElement(text, at) + 1) {
    if (!text.startsWith(ITEMS, at)) continue;
    const begin = at + ITEMS.length;
    const rows: string[] = [];
    let end = begin - 1;
    do {
      const from = end + 1;
      end = endOfElement(text, from);
      if (end > from) rows.push(text.slice(from, end));
    } while (text.charCodeAt(end) === COMMA);
    return { rows, rest: JSON.parse(text.slice(0, begin) + text.slice(end)) as Json };
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

/** Where an array's element, or an object's member, ends that begins at `at`: its comma, or what closes the whole. */
function endOfElement(text: string, begin: number): number {
  let depth = 0;
  let at = begin;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === COMMA && depth === 0) break;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) break;
      depth--;
    }
  }
  return at;
}
