import type { RecordScanner } from './scanner.js';

/** The JSON text of an item, in UTF-8: `bytes[from, to)`. */
export interface JsonRow {
  bytes: Buffer;
  from: number;
  to: number;
  /** All of it is ASCII. */
  ascii: boolean;
  /** Byte offset in the object just past this record's newline. */
  offset: number;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Room for the rows of some chunks; a new one is taken where a row finds no place. */
const PAGE = 128 << 10;

/**
 * Writes records as the JSON texts of their items, from bytes to bytes: nothing of a row becomes a string or an object.
 * The rows of a page stand one behind the other with a byte between them, a comma, so that a batch of them is one piece.
 */
export class JsonRowWriter {
  readonly #names: Uint8Array[];
  /** Bytes that a row has beside its cells. */
  readonly #frame: number;
  readonly #isDelimiter: Uint8Array;
  readonly #asciiNames: boolean;
  #page: Buffer = Buffer.alloc(0);
  #end = 0;

  constructor(headers: string[], delimiter: string) {
    this.#names = headers.map((name, index) =>
      Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:"`),
    );
    this.#frame = this.#names.reduce((sum, name) => sum + name.length + 1, 3);
    this.#asciiNames = this.#names.every((name) => name.every((byte) => byte < 0x80));
    this.#isDelimiter = new Uint8Array(256);
    this.#isDelimiter[delimiter.charCodeAt(0)] = 1;
  }

  /** Undefined for a record that has to be read as text. Its bytes must be well-formed. */
  fromBytes({ bytes, from, to, ascii, offset }: RecordScanner): JsonRow | undefined {
    // Each byte of a cell may become two.
    const start = this.#room(this.#frame + 2 * (to - from));
    const end = this.#write(bytes, from, to, start);
    if (end < 0) return undefined;
    return this.#row(start, end, ascii && this.#asciiNames, offset);
  }

  fromText(text: string, offset: number): JsonRow {
    const start = this.#room(3 * text.length + 1);
    return this.#row(start, start + this.#page.write(text, start), false, offset);
  }

  #room(bytes: number): number {
    if (this.#end + bytes > this.#page.length) {
      this.#page = Buffer.allocUnsafeSlow(Math.max(PAGE, bytes));
      this.#end = 0;
    }
    return this.#end;
  }

  #row(from: number, to: number, ascii: boolean, offset: number): JsonRow {
    this.#page[to] = COMMA;
    this.#end = to + 1;
    return { bytes: this.#page, from, to, ascii, offset };
  }

  /** @returns where the row ends; -1 where its bytes cannot be taken as they are */
  #write(bytes: Buffer, from: number, to: number, start: number): number {
    const page = this.#page;
    const isDelimiter = this.#isDelimiter;
    let at = from;
    let end = start;
    page[end++] = OPEN_BRACE;
    for (const name of this.#names) {
      for (let index = 0; index < name.length; index++) page[end++] = name[index] as number;
      if (at < to && bytes[at] === QUOTE) {
        at++;
        for (; at < to; at++) {
          const byte = bytes[at] as number;
          if (byte === QUOTE) {
            if (at + 1 === to || bytes[at + 1] !== QUOTE) break;
            at++;
          }
          if (byte < 0x20 || byte === BACKSLASH) {
            if (byte !== LF && byte !== CR) return -1;
            page[end++] = BACKSLASH;
            page[end++] = byte === LF ? 0x6e : 0x72;
          } else {
            if (byte === QUOTE) page[end++] = BACKSLASH;
            page[end++] = byte;
          }
        }
        at++;
        if (at < to && isDelimiter[bytes[at] as number] === 0) return -1;
      } else
        for (; at < to; at++) {
          const byte = bytes[at] as number;
          if (isDelimiter[byte] === 1) break;
          if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) return -1;
          page[end++] = byte;
        }
      at++;
      page[end++] = QUOTE;
    }
    page[end++] = CLOSE_BRACE;
    return end;
  }
}
