import { type Characters, SPACE } from './encoding/character-table.js';
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

/** In `stops`: a character that is not ASCII begins, where the bytes are not UTF-8. */
const CHARACTER = 2;

const none: Characters = new Int32Array();

/** Of each byte, what it may mean: the end of a cell; white space around one. */
interface Meanings {
  stops: Uint8Array;
  quotedStops: Uint8Array;
  begins: Uint8Array;
  ends: Uint8Array;
}
const meanings = new Map<string, Meanings>();

function meaningsFor(delimiter: number, padding: boolean, utf8: boolean): Meanings {
  const key = `${delimiter}${padding}${utf8}`;
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
    begins: of(...spaces, ...(padding && utf8 ? [0xc2, 0xe3] : [])),
    ends: of(...spaces, ...(padding && utf8 ? [0x80, 0xa0] : [])),
  };
  for (const table of [made.begins, made.ends])
    stops.forEach((one, byte) => {
      if (one) table[byte] = 0;
    });
  if (!utf8) for (const table of [made.stops, made.quotedStops]) table.fill(CHARACTER, 0x80);
  meanings.set(key, made);
  return made;
}

const ONES = 0x01010101;
const HIGH = 0x80808080 | 0;

/**
 * Just behind the characters from here on that are not ASCII; -1 where one is none, or white space that begins its
 * cell (at `first`) or seems to end it.
 */
function passCharacters(
  bytes: Uint8Array,
  from: number,
  first: number,
  characters: Characters,
  stops: Uint8Array,
): number {
  let at = from;
  do {
    const entry = characters[((bytes[at] as number) << 8) | (bytes[at + 1] as number)] as number;
    if (entry === 0) return -1;
    const next = at + ((entry >>> 26) & 3);
    if (entry >= SPACE && (at === first || stops[bytes[next] as number] === 1)) return -1;
    at = next;
  } while ((bytes[at] as number) >= 0x80);
  return at;
}

/** May one of these four bytes end a cell? All that are not above a comma are looked at more closely, and `others`. */
function mayStop(four: number, delimiters: number, others: number): boolean {
  const backslash = four ^ (0x5c * ONES);
  const delimiter = four ^ delimiters;
  const low = (four - 0x2d * ONES) & ~four;
  const any = low | ((backslash - ONES) & ~backslash) | ((delimiter - ONES) & ~delimiter);
  return ((any & HIGH) | (four & others)) !== 0;
}

/**
 * Passes over the rows of which there is nothing to say, without making a string of them: as many cells as the header,
 * none of them padded, quoted or not; no backslash, no NUL, not too long. Stops before the first that is otherwise, or
 * may be: `RecordScanner` and the checks look at that one. They are the rules; this is only quick.
 *
 * @param bytes from `from`, where a row begins, to `end`, just behind an LF: well-formed UTF-8 where no characters are given
 */
export function passPlainRows(
  bytes: Uint8Array,
  from: number,
  end: number,
  { delimiter, width, padding, longest, lf, crlf }: PlainRows,
  passed: Passed,
  characters?: Characters,
): void {
  const { stops, quotedStops, begins, ends } = meaningsFor(delimiter, padding, !characters);
  const others = characters ? HIGH : 0;
  const known = characters ?? none;
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
          if (byte >= 0x80) {
            at = passCharacters(bytes, at, start + 1, known, quotedStops);
            if (at < 0) break all;
            byte = bytes[at] as number;
            continue;
          }
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
        for (;;) {
          if (stops[byte] === 0) {
            while (at + 4 <= end && !mayStop(view.getInt32(at, true), delimiters, others)) at += 4;
            byte = bytes[at] as number;
            while (stops[byte] === 0) byte = bytes[++at] as number;
          }
          if (byte < 0x80 && (byte !== QUOTE || bytes[at + 1] === QUOTE)) break;
          at = byte === QUOTE ? at + 1 : passCharacters(bytes, at, start, known, stops);
          if (at < 0) break all;
          byte = bytes[at] as number;
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
