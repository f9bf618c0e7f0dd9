import { readFile } from 'node:fs/promises';
import { plainText } from '../../csv/plain-text.js';
import { faultWords } from '../../files/system-errors.js';
import { GivenFileError } from '../errors.js';

/** The text of a file that the server was given. @throws GivenFileError */
export async function readGivenFile(file: string, what: string, hint?: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file' : faultWords(error);
    throw new GivenFileError(file, `${what} cannot be read: ${why}`, { hint, cause: error });
  });
  try {
    return plainText(bytes);
  } catch (error) {
    throw new GivenFileError(file, `${what} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
