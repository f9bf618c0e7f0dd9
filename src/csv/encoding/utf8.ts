import { isUtf8 } from 'node:buffer';
import type { ByteTransform } from './byte-transform.js';
import { type Characters, characterTable } from './character-table.js';
import { convertByTable } from './convert-by-table.js';
import { convertUtf16 } from './utf16.js';

/** Turns a stream of bytes into UTF-8. */
export interface Utf8Converter extends ByteTransform {
  /** What this encoding is converted by: it begins anew with each newline, and ASCII is what it always is. */
  characters?: Characters;
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
  if (encoding === 'utf-16le' || encoding === 'utf-16be')
    return convertUtf16(encoding === 'utf-16be', reuses);
  const decoder = new TextDecoder(encoding);
  const table = characterTable(decoder.encoding);
  if (table) return convertByTable(table, decoder, reuses);
  return {
    push: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })),
    end: () => Buffer.from(decoder.decode()),
  };
}

/** Whether all of a file's bytes decoded, by the UTF-8 that they became: what did not is U+FFFD, but of UTF-16 (see above). */
export function decodedWhole(encoding: string): (utf8: Uint8Array) => boolean {
  return encoding.startsWith('utf-') ? isUtf8 : (utf8) => !Buffer.prototype.includes.call(utf8, '\uFFFD');
}
