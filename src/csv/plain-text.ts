import { detectAtStart } from './encoding.js';
import { recogniseBinary } from './file-kind.js';

/** Its message says what the bytes are: `this is a ZIP archive: unpack it first`. */
export class NotTextError extends Error {}

/** The text of a whole file: UTF-8, or UTF-16 as Windows writes it; without its BOM. @throws NotTextError */
export function plainText(bytes: Uint8Array): string {
  const encoding = detectAtStart(bytes)?.encoding ?? 'utf-8';
  const kind = encoding === 'utf-8' ? recogniseBinary(bytes) : undefined;
  if (kind) throw new NotTextError(`this is ${kind}`);
  return new TextDecoder(encoding).decode(bytes);
}
