import { FlowError } from './errors.js';
import { faults } from './files/system-errors.js';

/** What a disk or a network did to a command; undefined for anything else, which is a bug of ours. */
export function worldFault(error: unknown): FlowError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const found = faults[code];
  if (!found) return undefined;
  const [exitCode, words] = found;
  return new FlowError(exitCode, code, path === undefined ? `${syscall ?? 'the system'}: ${words}` : words, {
    where: path,
    cause: error,
  });
}
