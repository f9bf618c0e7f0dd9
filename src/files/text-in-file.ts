import { NotTextError, plainText } from '../csv/plain-text.js';
import { exitCodes, FlowError } from '../errors.js';

/**
 * The text of a file of the user's.
 * @param lenient bytes that are no UTF-8 are replaced
 * @throws FlowError 2 that says what it is, where it is no text
 */
export function textInFile(path: string, bytes: Uint8Array, lenient = false): string {
  try {
    return plainText(bytes, lenient);
  } catch (error) {
    if (!(error instanceof NotTextError)) throw error;
    const { message, at } = error;
    const where = at ? `${path}:${at.line}:${at.column}` : path;
    throw new FlowError(exitCodes.usage, 'NotText', message, { where });
  }
}
