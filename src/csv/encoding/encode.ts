/** Turns text into bytes of an encoding; a character that it lacks becomes `?`. */
export type TextEncoding = (text: string) => Uint8Array;

/**
 * Writes what `TextDecoder` reads: Node decodes many encodings and encodes UTF-8 only, so the others are its decoder
 * turned round.
 *
 * @param label WHATWG label; of UTF-16 and UTF-8 no BOM is written
 */
export function createTextEncoding(label: string): TextEncoding {
  if (label === 'utf-8') return (text) => Buffer.from(text);
  if (label === 'utf-16le') return (text) => Buffer.from(text, 'utf16le');
  if (label === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16();
  if (label === 'iso-2022-jp') return createJisEncoding();
  const table = inverseOf(label);
  return (text) => {
    const bytes: number[] = [];
    for (const character of text) for (const byte of table.get(character) ?? unknown) bytes.push(byte);
    return Uint8Array.from(bytes);
  };
}

const unknown = [0x3f];

/** Character -> bytes, of one or two. Where several bytes mean one character, those that Windows and browsers write. */
function inverseOf(label: string): Map<string, number[]> {
  const decoder = new TextDecoder(label, { fatal: true });
  const table = new Map<string, number[]>();
  const add = (bytes: number[]): boolean => {
    const character = decoded(decoder, bytes);
    if (character === undefined) return false;
    if (!table.has(character)) table.set(character, bytes);
    return true;
  };
  const leads: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (!add([byte])) leads.push(byte);
  // NEC's selection of IBM's extensions repeats what stands further behind.
  const doubled = (lead: number): boolean => label === 'shift_jis' && (lead === 0xed || lead === 0xee);
  for (const lead of leads) {
    if (doubled(lead)) continue;
    for (let trail = 0x40; trail < 0xff; trail++) add([lead, trail]);
  }
  return table;
}

function decoded(
  decoder: { decode(bytes?: Uint8Array, options?: object): string },
  bytes: number[],
): string | undefined {
  try {
    // In one call Node takes Windows-1252 for Latin-1.
    const text = decoder.decode(Uint8Array.from(bytes), { stream: true }) + decoder.decode();
    return [...text].length === 1 ? text : undefined;
  } catch {
    return undefined;
  }
}

/** ISO-2022-JP: the two-byte characters of EUC-JP without their high bits, between escapes. */
function createJisEncoding(): TextEncoding {
  const table = inverseOf('euc-jp');
  return (text) => {
    const bytes: number[] = [];
    let double = false;
    const shift = (wanted: boolean): void => {
      if (double !== wanted) for (const byte of Buffer.from(wanted ? '\x1b$B' : '\x1b(B')) bytes.push(byte);
      double = wanted;
    };
    for (const character of text) {
      const [first = 0x3f, second] = table.get(character) ?? unknown;
      // Half-width kana (0x8E …) have no place in it.
      const known = second !== undefined && first !== 0x8e;
      shift(known);
      if (known) bytes.push(first & 0x7f, second & 0x7f);
      else bytes.push(first < 0x80 ? first : 0x3f);
    }
    shift(false);
    return Uint8Array.from(bytes);
  };
}
