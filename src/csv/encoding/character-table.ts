import { isSpace } from '../padding.js';

const LF = 0x0a;

/**
 * What the characters of an encoding are in UTF-8, by their first two bytes: three bytes (the first one lowest), and
 * above them in two bits each how many of these count, and of how many bytes the character is made; white space is
 * beyond `SPACE`. 0 where the bytes are no character, or were not asked for. Characters of more bytes than two are in
 * no table.
 */
export type Characters = Int32Array;
export const SPACE = 1 << 28;

export class CharacterTable {
  readonly entries: Characters = new Int32Array(1 << 16);
  readonly #encoding: string;
  /** The characters of one byte, as UTF-16; 0 where there is none. */
  readonly #alone: Uint16Array;
  readonly #asked = new Set<number>();

  constructor(encoding: string) {
    this.#encoding = encoding;
    this.#alone = decodeEach(encoding, (byte) => [byte]);
  }

  /** Puts in what begins with this byte. @returns false where that is in already */
  ask(first: number): boolean {
    if (this.#asked.has(first)) return false;
    this.#asked.add(first);
    const alone = this.#alone[first] as number;
    const codes = alone === 0 ? decodeEach(this.#encoding, (byte) => [first, byte]) : Array(256).fill(alone);
    this.entries.set(
      Array.from(codes, (code) => entryOf(code, alone === 0 ? 2 : 1)),
      first << 8,
    );
    return true;
  }
}

const tables = new Map<string, CharacterTable>();

/** Undefined for encodings in which it depends on those before what bytes mean. */
export function characterTable(encoding: string): CharacterTable | undefined {
  if (/^utf-|^iso-2022/.test(encoding)) return undefined;
  const table = tables.get(encoding) ?? new CharacterTable(encoding);
  tables.set(encoding, table);
  return table;
}

/** @param code of UTF-16, no half of a character */
function entryOf(code: number, bytes: number): number {
  if (code === 0) return 0;
  const utf8 = Buffer.from(String.fromCharCode(code));
  const space = isSpace(code) ? SPACE : 0;
  return space | (bytes << 26) | (utf8.length << 24) | utf8.readUIntLE(0, utf8.length);
}

/** For each last byte, but LF, what the sequence is by itself: one character, or 0. Between them are newlines. */
function decodeEach(encoding: string, sequence: (byte: number) => number[]): Uint16Array {
  const codes = new Uint16Array(256);
  const bytes = Array.from(codes, (_, byte) => [...sequence(byte === LF ? 0 : byte), LF]).flat();
  let texts: string[] = [];
  try {
    texts = new TextDecoder(encoding).decode(Uint8Array.from(bytes), { stream: true }).split('\n');
  } catch {
    // Node's decoder makes too little room for some sequences that mean nothing.
  }
  if (texts.length !== 257) return codes;
  return codes.map((_, byte) => {
    const text = texts[byte] as string;
    return byte !== LF && text.length === 1 && text !== '\uFFFD' ? text.charCodeAt(0) : 0;
  });
}
