import { type Json, parsedJson } from './json.js';

export interface FoundJson {
  value: Json;
  /** Where it begins; the first line is 1. */
  line: number;
}

/**
 * Every JSON object or array of a text, in order: documents one after the other, one a line, or behind what tools put
 * before them (a time, a stream's name), over as many lines as they like. What is none is passed over.
 */
export function* jsonInText(text: string): Generator<FoundJson> {
  const starts = /[{[]/g;
  let line = 1;
  let counted = 0;
  for (let match = starts.exec(text); match; match = starts.exec(text)) {
    const found = valueAt(text, match.index);
    if (!found) {
      // Prose: what follows a brace in its line stands inside of it; `[INFO]` may stand before one.
      if (match[0] === '{') starts.lastIndex = endOfLine(text, match.index);
      continue;
    }
    line += linesIn(text, counted, match.index);
    counted = match.index;
    yield { value: found.value, line };
    starts.lastIndex = found.end;
  }
}

function valueAt(text: string, start: number): { value: Json; end: number } | undefined {
  // Most often it ends with its line.
  const end = endOfLine(text, start);
  const value = parsedJson(text.slice(start, end));
  if (value !== undefined) return { value, end };
  const close = closingOf(text, start);
  const whole = close === undefined ? undefined : parsedJson(text.slice(start, close));
  return whole === undefined || close === undefined ? undefined : { value: whole, end: close };
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/** Behind the bracket that closes the one at `start`. */
function closingOf(text: string, start: number): number | undefined {
  // A string that is cut never closes: it takes all that is left, once, instead of being tried in every way.
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"?|[{}[\]]/gs;
  tokens.lastIndex = start;
  let depth = 0;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth === 0) return tokens.lastIndex;
  }
  return undefined;
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
