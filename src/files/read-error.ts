import { exitCodes, FlowError } from '../errors.js';
import { faultWords } from './system-errors.js';

/** Of what reading a file of the user's fails with: 3 where it is not there, else 2. */
export function unreadable(path: string, error: unknown, hint?: string): FlowError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const missing = code === 'ENOENT' || code === 'ENOTDIR';
  return new FlowError(
    missing ? exitCodes.notFound : exitCodes.usage,
    missing ? 'FileNotFound' : 'FileNotReadable',
    missing ? 'no such file' : `the file cannot be read: ${faultWords(error)}`,
    { where: path, hint, cause: error },
  );
}
