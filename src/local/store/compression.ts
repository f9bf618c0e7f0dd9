import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What is long is stored deflated: most of it is JSON of many like rows, which takes a seventh of its room, and fewer
 * bytes are written faster than they are packed.
 */
const SHORTEST = 1024;
/** Like rows stand close to each other; a larger one takes longer to make than most texts take to pack. */
const SMALL_WINDOW = { level: 1, windowBits: 12, memLevel: 5 };

/** The bytes packed; undefined where that is not worth it. */
export function packed(bytes: Uint8Array): Buffer | undefined {
  if (bytes.length < SHORTEST) return undefined;
  const result = deflateRawSync(bytes, SMALL_WINDOW);
  return result.length < bytes.length * 0.8 ? result : undefined;
}

/** @param most bytes that it unpacks to, where that is known */
export const unpacked = (bytes: Uint8Array, most?: number): Buffer =>
  inflateRawSync(bytes, most === undefined ? {} : { chunkSize: most + 64 });

/** As it is stored in a column: a text as it is, or a BLOB. */
export function packedText(text: string): string | Buffer {
  return text.length < SHORTEST ? text : (packed(Buffer.from(text)) ?? text);
}

/** What `packedText` was given; the store answers with an ArrayBuffer for a BLOB. */
export function unpackedText(stored: string | ArrayBuffer): string;
export function unpackedText(stored: string | ArrayBuffer | null): string | null;
export function unpackedText(stored: string | ArrayBuffer | null): string | null {
  return stored === null || typeof stored === 'string' ? stored : unpackedBytes(stored).toString();
}

/** Its UTF-8. */
export const unpackedBytes = (stored: string | ArrayBuffer): Buffer =>
  typeof stored === 'string' ? Buffer.from(stored) : unpacked(new Uint8Array(stored));
