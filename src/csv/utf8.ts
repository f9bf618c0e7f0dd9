/** Turns a stream of bytes into UTF-8. */
export interface Utf8Converter {
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/**
 * UTF-8 itself passes through untouched, byte for byte, a BOM and invalid bytes included; of other encodings a BOM
 * goes, and what is invalid becomes U+FFFD. UTF-16 may hold that character rightly: what is invalid in it becomes a
 * byte that is invalid in UTF-8.
 *
 * @param encoding a WHATWG label
 * @param reuses what is given may be overwritten by the next `push`
 */
export function createUtf8Converter(encoding: string, reuses = false): Utf8Converter {
  if (encoding === 'utf-8') return { push: (chunk) => chunk, end: () => new Uint8Array() };
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return convertUtf16(encoding === 'utf-16be');
  const decoder = new TextDecoder(encoding);
  const decode: Utf8Converter = {
    push: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })),
    end: () => Buffer.from(decoder.decode()),
  };
  const characters = charactersOf(decoder.encoding);
  return characters ? convertByTable(characters, decode, reuses) : decode;
}

/** In no UTF-8: what stands for half a character. */
const INVALID = Buffer.from([0xff]);

function convertUtf16(bigEndian: boolean): Utf8Converter {
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  const convert = (bytes: Buffer): Buffer => {
    const units = bigEndian ? Buffer.from(bytes).swap16() : bytes;
    let text = units.toString('utf16le');
    if (!begun && text.length > 0) {
      begun = true;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    const parts = text.split(/\p{Cs}/u);
    if (parts.length === 1) return Buffer.from(text);
    return Buffer.concat(
      parts.flatMap((part, index) => (index === 0 ? [] : [INVALID]).concat(Buffer.from(part))),
    );
  };
  return {
    push(chunk) {
      const bytes = Buffer.concat([rest, chunk]);
      let whole = bytes.length & ~1;
      const last = whole === 0 ? 0 : (bytes[whole - (bigEndian ? 2 : 1)] as number);
      // The first half of a character waits for the second.
      if (last >= 0xd8 && last <= 0xdb) whole -= 2;
      rest = bytes.subarray(whole);
      return convert(bytes.subarray(0, whole));
    },
    end() {
      const whole = rest.length & ~1;
      const last = convert(rest.subarray(0, whole));
      return rest.length > whole ? Buffer.concat([last, INVALID]) : last;
    },
  };
}

/** The characters of one byte, and of two (the first is the high one), as UTF-16; 0 where there is none. */
interface Characters {
  encoding: string;
  ones: Uint16Array;
  twos: Uint16Array;
  /** First bytes whose characters are in `twos`: those that were met. */
  asked: Set<number>;
}

const NOT_ASCII = 0x80808080 | 0;

/**
 * Looks characters up and writes UTF-8, without a string between them. The first bytes that the table lacks go to the
 * decoder, which knows what is to become of them, and so does all that follows.
 */
function convertByTable(characters: Characters, decode: Utf8Converter, reuses: boolean): Utf8Converter {
  const { ones, twos, asked } = characters;
  let knows = true;
  /** A first byte whose second one is still to come. */
  let pending: number | undefined;
  let buffer = Buffer.alloc(0);

  let written = 0;
  /** @returns how many bytes of the chunk are read; what is written is `[0, written)` of the buffer */
  function look(chunk: Uint8Array): number {
    const { length } = chunk;
    const out = buffer;
    const inFours = new DataView(chunk.buffer, chunk.byteOffset, length);
    const outFours = new DataView(out.buffer, out.byteOffset, out.length);
    let at = 0;
    let to = 0;
    while (at < length) {
      while (at + 4 <= length) {
        const four = inFours.getInt32(at, true);
        if ((four & NOT_ASCII) !== 0) break;
        outFours.setInt32(to, four, true);
        at += 4;
        to += 4;
      }
      if (at === length) break;
      const byte = chunk[at] as number;
      if (byte < 0x80) {
        out[to++] = byte;
        at++;
        continue;
      }
      let code = ones[byte] as number;
      if (code !== 0) at++;
      else {
        if (at + 1 === length) break;
        const two = (byte << 8) | (chunk[at + 1] as number);
        code = twos[two] as number;
        if (code === 0) {
          if (asked.has(byte)) break;
          askFor(characters, byte);
          code = twos[two] as number;
          if (code === 0) break;
        }
        at += 2;
      }
      if (code < 0x800) {
        out[to++] = 0xc0 | (code >> 6);
        out[to++] = 0x80 | (code & 0x3f);
      } else {
        out[to++] = 0xe0 | (code >> 12);
        out[to++] = 0x80 | ((code >> 6) & 0x3f);
        out[to++] = 0x80 | (code & 0x3f);
      }
    }
    written = to;
    return at;
  }

  return {
    push(chunk) {
      if (!knows) return decode.push(chunk);
      const bytes = pending === undefined ? chunk : Buffer.concat([Uint8Array.of(pending), chunk]);
      pending = undefined;
      const most = bytes.length * 3;
      if (!reuses || buffer.length < most) buffer = Buffer.allocUnsafeSlow(most);
      const read = look(bytes);
      const known = buffer.subarray(0, written);
      if (read === bytes.length) return known;
      if (read + 1 === bytes.length) {
        pending = bytes[read];
        return known;
      }
      knows = false;
      return Buffer.concat([known, decode.push(bytes.subarray(read))]);
    },
    end() {
      const last = pending === undefined ? [] : [decode.push(Uint8Array.of(pending))];
      return Buffer.concat([...last, decode.end()]);
    },
  };
}

const tables = new Map<string, Characters>();

/** Undefined for encodings in which it depends on those before what bytes mean. */
function charactersOf(encoding: string): Characters | undefined {
  if (/^utf-|^iso-2022/.test(encoding)) return undefined;
  const known = tables.get(encoding) ?? askDecoder(encoding);
  tables.set(encoding, known);
  return known;
}

const LF = 0x0a;

function askDecoder(encoding: string): Characters {
  const ones = decodeEach(encoding, (byte) => [byte]);
  // Node's Shift_JIS exchanges some control characters, Ctrl-Z (DOS's end of a file) among them.
  for (let byte = 0; byte < 0x80; byte++) ones[byte] = byte;
  return { encoding, ones, twos: new Uint16Array(1 << 16), asked: new Set() };
}

function askFor({ encoding, twos, asked }: Characters, first: number): void {
  asked.add(first);
  twos.set(
    decodeEach(encoding, (byte) => [first, byte]),
    first << 8,
  );
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
