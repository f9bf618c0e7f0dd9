import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './text.mjs';

const COMMA = 0x2c;

/**
 * Takes a JSON array apart while it streams by: the files of a map run's results are arrays of any size, and only
 * one element is held at a time. Give it chunks of bytes in order; each `push` answers with the JSON texts of the
 * elements that became complete. What is no array yields nothing.
 */
export function createArraySplitter(): { push(chunk: Uint8Array): string[] } {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let kept: Buffer[] = [];
  const take = (last: Uint8Array): string => {
    const text = Buffer.concat([...kept, last])
      .toString('utf8')
      .trim();
    kept = [];
    return text;
  };
  return {
    push(chunk) {
      const elements: string[] = [];
      let begin = 0;
      const close = (at: number): void => {
        const text = take(chunk.subarray(begin, at));
        if (text !== '') elements.push(text);
        begin = at + 1;
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at];
        if (inString || byte === QUOTE) {
          // Most of the bytes are within strings.
          const end = endOfString(chunk, inString ? at + (escaped ? 1 : 0) : at + 1);
          inString = end >= chunk.length;
          escaped = end > chunk.length;
          at = end;
        } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
          depth++;
          if (depth === 1) begin = at + 1;
        } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
          depth--;
          if (depth === 0) close(at);
        } else if (byte === COMMA && depth === 1) {
          close(at);
        }
      }
      if (depth > 0 && begin < chunk.length) kept.push(Buffer.from(chunk.subarray(begin)));
      return elements;
    },
  };
}

/** Where the string ends: at its quote, at the end of the chunk, or behind it, where the next byte is escaped. */
function endOfString(chunk: Uint8Array, from: number): number {
  const { length } = chunk;
  let at = from;
  for (; at < length; at++) {
    const byte = chunk[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return at;
}

/** The elements of the JSON array that `bytes` hold, parsed one by one. */
export async function* arrayElements<T>(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  const splitter = createArraySplitter();
  for await (const chunk of bytes) {
    for (const text of splitter.push(chunk)) yield JSON.parse(text) as T;
  }
}
