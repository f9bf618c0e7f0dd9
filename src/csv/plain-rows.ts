import { mayBeginPadded, mayEndPadded } from './padding.js';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** What the rows are measured against that are passed over. */
export interface PlainRows {
  /** One ASCII character. */
  delimiter: number;
  /** Cells of a row. */
  width: number;
  /** White space around a cell is told of. */
  padding: boolean;
  /** Bytes of the longest. */
  longest: number;
  /** How they may end. */
  lf: boolean;
  crlf: boolean;
}

/** Where a pass got to. */
export interface Passed {
  /** Just behind the last row that is plain. */
  at: number;
  rows: number;
  /** Physical lines of these: more than rows, where quoted cells have newlines. */
  lines: number;
}

/** Of each byte, what it may mean: the end of a cell; white space around one. */
interface Meanings {
  stops: Uint8Array;
  quotedStops: Uint8Array;
  begins: Uint8Array;
  ends: Uint8Array;
}
const meanings = new Map<string, Meanings>();

function meaningsFor(delimiter: number, padding: boolean): Meanings {
  const key = `${delimiter}${padding}`;
  const known = meanings.get(key);
  if (known) return known;
  const of = (...bytes: number[]): Uint8Array => {
    const table = new Uint8Array(256);
    for (const byte of bytes) table[byte] = 1;
    return table;
  };
  const special = [0, LF, CR, QUOTE, 0x5c];
  const spaces = Array.from({ length: padding ? 0x21 : 0 }, (_, byte) => byte);
  const stops = of(...special, delimiter);
  const made = {
    stops,
    quotedStops: of(...special),
    begins: of(...spaces, ...(padding ? [0xc2, 0xe3] : [])),
    ends: of(...spaces, ...(padding ? [0x80, 0xa0] : [])),
  };
  for (const table of [made.begins, made.ends])
    stops.forEach((one, byte) => {
      if (one) table[byte] = 0;
    });
  meanings.set(key, made);
  return made;
}

const ONES = 0x01010101;
const HIGH = 0x80808080 | 0;

/** May one of these four bytes end a cell? All that are not above a comma are looked at more closely. */
function mayStop(four: number, delimiters: number): boolean {
  const backslash = four ^ (0x5c * ONES);
  const delimiter = four ^ delimiters;
  const low = (four - 0x2d * ONES) & ~four;
  return ((low | ((backslash - ONES) & ~backslash) | ((delimiter - ONES) & ~delimiter)) & HIGH) !== 0;
}

/**
 * Passes over the rows of which there is nothing to say, without making a string of them: as many cells as the header,
 * none of them padded, quoted or not; no backslash, no NUL, not too long. Stops before the first that is otherwise, or
 * may be: `RecordScanner` and the checks look at that one. They are the rules; this is only quick.
 *
 * @param bytes well-formed UTF-8 from `from`, where a row begins, to `end`, just behind an LF
 */
export function passPlainRows(
  bytes: Uint8Array,
  from: number,
  end: number,
  { delimiter, width, padding, longest, lf, crlf }: PlainRows,
  passed: Passed,
): void {
  const { stops, quotedStops, begins, ends } = meaningsFor(delimiter, padding);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const delimiters = delimiter * ONES;
  let row = from;
  let rows = 0;
  let inner = 0;
  // The last byte is an LF: whoever looks for the end of a cell stops there at the latest.
  all: while (row < end) {
    let at = row;
    let left = width;
    let newlines = 0;
    for (;;) {
      const start = at;
      let byte = bytes[at] as number;
      if (byte === QUOTE) {
        byte = bytes[++at] as number;
        if (padding && byte !== QUOTE && mayBeginPadded(bytes, at)) break all;
        for (;;) {
          while (quotedStops[byte] === 0) byte = bytes[++at] as number;
          if (byte === QUOTE) {
            byte = bytes[++at] as number;
            if (byte !== QUOTE) break;
          } else if (byte === LF) {
            if (at + 1 >= end) break all;
            if (bytes[at - 1] !== CR) newlines++;
          } else if (byte === CR) newlines++;
          else break all;
          byte = bytes[++at] as number;
        }
        if (padding && at - start > 2 && mayEndPadded(bytes, at - 2)) break all;
      } else {
        if (begins[byte] !== 0 && mayBeginPadded(bytes, at)) break all;
        if (stops[byte] === 0) {
          while (at + 4 <= end && !mayStop(view.getInt32(at, true), delimiters)) at += 4;
          byte = bytes[at] as number;
          while (stops[byte] === 0) byte = bytes[++at] as number;
        }
        while (byte === QUOTE && bytes[at + 1] !== QUOTE) {
          byte = bytes[++at] as number;
          while (stops[byte] === 0) byte = bytes[++at] as number;
        }
        if (at > start && ends[bytes[at - 1] as number] !== 0 && mayEndPadded(bytes, at - 1)) break all;
      }
      if (byte === delimiter) {
        if (--left === 0) break all;
        at++;
        continue;
      }
      const next: number =
        byte === LF && lf ? at + 1 : byte === CR && crlf && bytes[at + 1] === LF ? at + 2 : 0;
      if (next === 0 || left !== 1 || at === row || at - row > longest) break all;
      row = next;
      rows++;
      inner += newlines;
      break;
    }
  }
  passed.at = row;
  passed.rows = rows;
  passed.lines = rows + inner;
}
