// Of its own: where the bundle is split an import is a call, and these are asked for each byte.
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** An element of an array, as JSON text. */
export interface ArrayElement {
  text: string;
  /** JSON text of the late member, for which `text` has null. */
  late?: Buffer;
}

const NULL = Buffer.from('null');

/**
 * Takes a JSON array apart while it streams by: the files of a map run's results are arrays of any size, and only
 * one element is held at a time. Give it chunks of bytes in order, none of which is written to again; each `push` answers
 * with the elements that became complete. What is no array yields nothing.
 * @param lateName a member of the elements that few will ask for, and whose long text is passed over: where it is found
 * at once, it is told apart
 */
export function createArraySplitter(lateName?: string): { push(chunk: Uint8Array): ArrayElement[] } {
  const lateMember = lateName === undefined ? undefined : Buffer.from(`${JSON.stringify(lateName)}:"`);
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inLate = false;
  let kept: Uint8Array[] = [];
  let late: Buffer[] = [];
  const take = (last: Uint8Array): ArrayElement => {
    const text = Buffer.concat([...kept, last])
      .toString('utf8')
      .trim();
    const element = late.length > 0 ? { text, late: joined(late) } : { text };
    kept = [];
    late = [];
    return element;
  };
  return {
    push(chunk) {
      const elements: ArrayElement[] = [];
      let begin = 0;
      const close = (at: number): void => {
        const element = take(chunk.subarray(begin, at));
        if (element.text !== '') elements.push(element);
        begin = at + 1;
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at];
        if (inString || byte === QUOTE) {
          if (!inString && depth === 2 && lateMember && startsWith(chunk, at, lateMember)) {
            at += lateMember.length - 1;
            kept.push(Buffer.from(chunk.subarray(begin, at)), NULL);
            begin = at;
            inLate = true;
          }
          // Most of the bytes are within strings.
          const end = endOfString(chunk, inString ? at + (escaped ? 1 : 0) : at + 1);
          inString = end >= chunk.length;
          escaped = end > chunk.length;
          at = end;
          if (inLate && !inString) {
            const last = chunk.subarray(begin, end + 1);
            late.push(Buffer.from(last.buffer, last.byteOffset, last.length));
            begin = end + 1;
            inLate = false;
          }
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
      if (depth > 0 && begin < chunk.length) (inLate ? late : kept).push(Buffer.from(chunk.subarray(begin)));
      return elements;
    },
  };
}

const joined = (pieces: Buffer[]): Buffer => (pieces.length === 1 && pieces[0]) || Buffer.concat(pieces);

function startsWith(chunk: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (chunk[at + index] !== bytes[index]) return false;
  return true;
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

/**
 * The elements of the JSON array that `bytes` hold, parsed one by one.
 * @param lateName a member that is parsed when it is asked for
 */
export async function* arrayElements<T>(
  bytes: AsyncIterable<Uint8Array>,
  lateName?: keyof T & string,
): AsyncGenerator<T> {
  const splitter = createArraySplitter(lateName);
  for await (const chunk of bytes) {
    for (const { text, late } of splitter.push(chunk)) {
      const element = JSON.parse(text) as T;
      if (late && lateName !== undefined) addLate(element as object, lateName, late);
      yield element;
    }
  }
}

function addLate(element: object, name: string, text: Buffer): void {
  const get = (): unknown => JSON.parse(text.toString('utf8'));
  Object.defineProperty(element, name, { get, enumerable: true, configurable: true });
}
