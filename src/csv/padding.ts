/** A cell with white space at either end, which AWS keeps and people do not see. */
export function isPadded(cell: string): boolean {
  return isSpace(cell.charCodeAt(0)) || isSpace(cell.charCodeAt(cell.length - 1));
}

/** ASCII white space, no-break space, the ideographic space; false for NaN (an empty cell). */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x3000;
}

/** The same of UTF-8 bytes: may text that begins at `at` begin with white space? (A control character counts.) */
export function mayBeginPadded(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  if (byte <= 0x20) return true;
  if (byte === 0xe3) return bytes[at + 1] === 0x80 && bytes[at + 2] === 0x80;
  return byte === 0xc2 && bytes[at + 1] === 0xa0;
}

/** May text whose last byte is at `at` end with white space? */
export function mayEndPadded(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  if (byte <= 0x20) return true;
  if (byte === 0x80) return bytes[at - 1] === 0x80 && bytes[at - 2] === 0xe3;
  return byte === 0xa0 && bytes[at - 1] === 0xc2;
}
