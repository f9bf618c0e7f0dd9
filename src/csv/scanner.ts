const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Bytes that mean something; all others are passed over in the scanner's inner loop. */
const special = new Uint8Array(256);
for (const byte of [0, LF, CR, QUOTE, BACKSLASH]) special[byte] = 1;

export type Newline = 'LF' | 'CRLF' | 'CR';

export interface ScannerOptions {
  /** One ASCII character; default `,`. */
  delimiter?: string;
  /** Byte offset of the first pushed byte in the object; default 0. A BOM is looked for at 0 only. */
  offset?: number;
  /** A record longer than this is followed to its end, but its bytes are not kept (`truncated`). */
  maxRecordBytes?: number;
}

/**
 * Finds the records in a stream of UTF-8 bytes, by the one set of rules that the check, the row reader and the
 * local server's ItemReader share: LF, CRLF and CR end a record; a quote opens a quoted cell only as the cell's
 * first character; `""`, in it or outside, is a quote; a backslash takes the special meaning from a following `\`, `"` or
 * delimiter, quoted or not. A pull parser: `push` bytes, then read `next()` until it says false.
 *
 * After `next()` said true its fields describe that record, until the next call of `next()` or `push()`. A pushed
 * chunk may be overwritten once `next()` said false.
 */
export class RecordScanner {
  /** The record's content is `bytes[from, to)`: no newline, no BOM. */
  bytes: Buffer = Buffer.alloc(0);
  from = 0;
  to = 0;
  /** Byte offset in the object just past the record's newline. */
  offset: number;
  /** Physical line (1-based) where the record starts. */
  line = 1;
  /** A BOM stood before the record (only ever the first). */
  bom = false;
  /** What the record holds: quoted cells, `""` in others, backslashes, NUL bytes, only ASCII. */
  quoted = false;
  doubled = false;
  escaped = false;
  nul = false;
  ascii = true;
  /** Too long: its bytes may be gone, all but the last. */
  truncated = false;
  /** The object ended inside a quoted cell, which opened here. */
  unclosed: { line: number; column: number } | undefined;
  /** What ended the record; undefined at the object's end. */
  newline: Newline | undefined;

  readonly #delimiter: number;
  readonly #maxRecordBytes: number;
  /** Offset in the object of `bytes[0]`. */
  #base: number;
  #ended = false;
  /** `bytes` is a chunk as it was pushed. */
  #borrowed = false;
  /** Where a record that goes on in the next chunk is kept, with that chunk behind it. */
  #joined = Buffer.alloc(0);
  /** Where scanning goes on; all positions index `bytes`, and go below 0 when what they name was let go. */
  #at = 0;
  #recordStart = 0;
  #inRecord = false;
  #inQuotes = false;
  #bits = 0;
  #escapedAt = -1;
  #currentLine = 1;
  #lineStart = 0;
  /** Characters of the current line that are no longer in `bytes`. */
  #columnBase = 0;
  #quote = { at: 0, line: 0, lineStart: 0, columnBase: 0, column: 0 };

  constructor(options: ScannerOptions = {}) {
    this.#delimiter = (options.delimiter ?? ',').charCodeAt(0);
    this.offset = options.offset ?? 0;
    this.#base = this.offset;
    this.#maxRecordBytes = options.maxRecordBytes ?? Number.POSITIVE_INFINITY;
  }

  push(chunk: Uint8Array): void {
    const open = this.#at - Math.max(0, this.#recordStart);
    if (this.#inRecord && open > this.#maxRecordBytes) this.#letGo();
    const rest = this.#takeRest();
    const added = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#borrowed = rest.length === 0;
    this.bytes = this.#borrowed ? added : this.#join(rest, added);
  }

  /** Both in one piece. */
  #join(rest: Buffer, added: Buffer): Buffer {
    const length = rest.length + added.length;
    const joined = this.#joined.length < length ? Buffer.allocUnsafeSlow(2 * length) : this.#joined;
    joined.set(rest);
    joined.set(added, rest.length);
    this.#joined = joined;
    return joined.subarray(0, length);
  }

  /** No more bytes will come: what is left is the last record. */
  end(): void {
    this.#ended = true;
  }

  /** Its cells are what stands between its delimiters. */
  get plain(): boolean {
    return !(this.quoted || this.doubled || this.escaped);
  }

  /** The record's text, without newline and BOM; invalid UTF-8 becomes U+FFFD. */
  text(): string {
    return this.bytes.toString(this.ascii ? 'latin1' : 'utf8', this.from, this.to);
  }

  /** Between two records, with nothing at hand. */
  get idle(): boolean {
    return !this.#inRecord && this.#at === this.bytes.length;
  }

  /** While idle: whole records stand here that were looked at by others. */
  skip(bytes: number, lines: number): void {
    this.#base += bytes;
    this.#currentLine += lines;
  }

  /** Goes to the next record; false when more bytes are needed (or after `end()`, when there are none). */
  next(): boolean {
    if (!this.#inRecord && !this.#begin()) return this.#pause();
    const bytes = this.bytes;
    const length = bytes.length;
    const delimiter = this.#delimiter;
    let at = this.#at;
    let bits = this.#bits;
    while (at < length) {
      let byte = bytes[at] as number;
      while (special[byte] === 0) {
        bits |= byte;
        if (++at === length) break;
        byte = bytes[at] as number;
      }
      if (at === length) break;
      // A CR, a closing quote and a backslash are understood only with the byte after them.
      if (at + 1 === length && !this.#ended && byte !== LF && byte !== 0) break;
      if (byte === QUOTE) {
        if (this.#inQuotes) {
          if (bytes[at + 1] === QUOTE) at++;
          else this.#inQuotes = false;
        } else if (at === this.from || (bytes[at - 1] === delimiter && this.#escapedAt !== at - 1)) {
          this.#openQuote(at);
        } else if (bytes[at + 1] === QUOTE) {
          this.doubled = true;
          at++;
        }
        at++;
      } else if (byte === BACKSLASH) {
        this.escaped = true;
        const following = bytes[at + 1];
        if (following === BACKSLASH || following === QUOTE || following === delimiter) {
          this.#escapedAt = ++at;
        }
        at++;
      } else if (byte === 0) {
        this.nul = true;
        at++;
      } else if (this.#inQuotes) {
        if (byte === CR || bytes[at - 1] !== CR) this.#currentLine++;
        this.#lineStart = ++at;
        this.#columnBase = 0;
      } else {
        this.newline = byte === LF ? 'LF' : bytes[at + 1] === LF ? 'CRLF' : 'CR';
        this.#currentLine++;
        return this.#finish(at, at + (this.newline === 'CRLF' ? 2 : 1), bits);
      }
    }
    this.#at = at;
    this.#bits = bits;
    if (!this.#ended) return this.#pause();
    this.newline = undefined;
    if (this.#inQuotes) this.unclosed = { line: this.#quote.line, column: this.#quoteColumn() };
    return this.#finish(length, length, bits);
  }

  /** Waits for more bytes, holding none that are the caller's. */
  #pause(): false {
    if (this.#borrowed) this.bytes = this.#join(this.#takeRest(), Buffer.alloc(0));
    this.#borrowed = false;
    return false;
  }

  /** The bytes of the record that is not complete; positions are from now on counted in these. */
  #takeRest(): Buffer {
    const cut = Math.max(0, this.#inRecord ? this.#recordStart : this.#at);
    const rest = this.bytes.subarray(cut);
    this.#shift(cut);
    return rest;
  }

  #begin(): boolean {
    const at = this.#at;
    const left = this.bytes.length - at;
    if (left === 0) return false;
    this.bom = false;
    if (this.#base + at === 0 && this.bytes[at] === 0xef) {
      if (left < 3 && !this.#ended) return false;
      this.bom = this.bytes[at + 1] === 0xbb && this.bytes[at + 2] === 0xbf;
    }
    this.#inRecord = true;
    this.#recordStart = at;
    this.#at = this.bom ? at + 3 : at;
    this.from = this.#at;
    this.#lineStart = this.#at;
    this.#columnBase = 0;
    this.line = this.#currentLine;
    this.quoted = false;
    this.doubled = false;
    this.escaped = false;
    this.nul = false;
    this.truncated = false;
    this.#bits = 0;
    this.#escapedAt = -1;
    return true;
  }

  #finish(to: number, next: number, bits: number): true {
    this.from = Math.max(0, this.from);
    this.to = to;
    this.ascii = bits < 0x80;
    if (to - this.from > this.#maxRecordBytes) this.truncated = true;
    this.offset = this.#base + next;
    this.#at = next;
    this.#inRecord = false;
    return true;
  }

  #openQuote(at: number): void {
    this.#inQuotes = true;
    this.quoted = true;
    this.#quote.at = at;
    this.#quote.line = this.#currentLine;
    this.#quote.lineStart = this.#lineStart;
    this.#quote.columnBase = this.#columnBase;
    this.#quote.column = 0;
  }

  #quoteColumn(): number {
    const quote = this.#quote;
    if (quote.column === 0) {
      quote.column = quote.columnBase + countCharacters(this.bytes, quote.lineStart, quote.at) + 1;
    }
    return quote.column;
  }

  /** Drops the bytes of a record that is too long, keeping what the rules look back at (and the columns). */
  #letGo(): void {
    if (this.#inQuotes) this.#quoteColumn();
    const cut = Math.max(0, this.#at - 4);
    if (this.#lineStart < cut) {
      this.#columnBase += countCharacters(this.bytes, this.#lineStart, cut);
      this.#lineStart = cut;
    }
    this.truncated = true;
    this.bytes = this.bytes.subarray(cut);
    this.#shift(cut);
  }

  #shift(cut: number): void {
    this.#base += cut;
    this.#at -= cut;
    this.#recordStart -= cut;
    this.from -= cut;
    this.#lineStart -= cut;
    this.#escapedAt -= cut;
    this.#quote.at -= cut;
    this.#quote.lineStart -= cut;
  }
}

/** Characters (code points) in UTF-8 bytes: all bytes but the continuations. */
function countCharacters(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (((bytes[at] as number) & 0xc0) !== 0x80) count++;
  return count;
}
