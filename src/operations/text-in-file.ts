import { NotTextError, plainText } from '../csv/plain-text.js';
import { exitCodes, FlowError } from '../errors.js';

/** The text of a file of the user's. @throws FlowError 2 that says what it is, where it is no text */
export function textInFile(path: string, bytes: Uint8Array): string {
  try {
    return plainText(bytes);
  } catch (error) {
    if (!(error instanceof NotTextError)) throw error;
    const { message } = error;
    throw new FlowError(exitCodes.usage, 'NotText', message, { where: path });
  }
}
