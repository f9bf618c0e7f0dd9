import { isUtf8 } from 'node:buffer';
import { detectAtStart, detectEncoding, encodingName } from './encoding/detect-encoding.js';
import { recogniseBinary } from './file-kind.js';

/** Its message says what the bytes are: `this is a ZIP archive: unpack it first`. */
export class NotTextError extends Error {
  constructor(
    message: string,
    /** Where, if a part of it is text. */
    readonly at?: { line: number; column: number },
  ) {
    super(message);
  }
}

/**
 * The text of a whole file: UTF-8, or UTF-16 as Windows writes it; without its BOM.
 * @param lenient bytes that are no UTF-8 are replaced
 * @throws NotTextError
 */
export function plainText(bytes: Uint8Array, lenient = false): string {
  const encoding = detectAtStart(bytes)?.encoding ?? 'utf-8';
  if (encoding === 'utf-8') {
    const kind = recogniseBinary(bytes);
    if (kind) throw new NotTextError(`this is ${kind}`);
    if (!lenient && !isUtf8(bytes)) throw foreignText(bytes);
  }
  return new TextDecoder(encoding).decode(bytes);
}

const LF = 0x0a;

function foreignText(bytes: Uint8Array): NotTextError {
  const { encoding } = detectEncoding(bytes, true);
  const kind = encoding === 'utf-8' ? 'damaged UTF-8' : encodingName(encoding);
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    [line, start] = [line + 1, end + 1];
  }
  const column = new TextDecoder().decode(bytes.subarray(start)).indexOf('\ufffd') + 1;
  return new NotTextError(`this is ${kind}: save the file as UTF-8`, { line, column });
}
