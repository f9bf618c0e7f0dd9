import { type ExitCode, exitCodes, FlowError } from '../errors.js';

/** Of node's errors on files and sockets: what each is to people, and its exit code. */
export const faults: Record<string, [ExitCode, string]> = {
  ENOENT: [exitCodes.notFound, 'no such file or directory'],
  ENOTDIR: [exitCodes.usage, 'part of the path is not a directory'],
  EISDIR: [exitCodes.usage, 'the path is a directory'],
  EEXIST: [exitCodes.usage, 'the file already exists'],
  ENAMETOOLONG: [exitCodes.usage, 'the name is too long'],
  ELOOP: [exitCodes.usage, 'too many levels of symbolic links'],
  EROFS: [exitCodes.usage, 'the file system is read-only'],
  ENOSPC: [exitCodes.usage, 'no space left on the device'],
  EDQUOT: [exitCodes.usage, 'disk quota exceeded'],
  EFBIG: [exitCodes.usage, 'the file would be larger than is allowed (ulimit -f)'],
  EBUSY: [exitCodes.usage, 'the file is in use'],
  EMFILE: [exitCodes.usage, 'too many open files (ulimit -n)'],
  ENFILE: [exitCodes.usage, 'too many open files on this machine'],
  EIO: [exitCodes.usage, 'disk I/O error'],
  EACCES: [exitCodes.denied, 'permission denied'],
  EPERM: [exitCodes.denied, 'operation not permitted'],
  ECONNREFUSED: [exitCodes.unreachable, 'connection refused'],
  ECONNRESET: [exitCodes.unreachable, 'the connection was reset'],
  ETIMEDOUT: [exitCodes.unreachable, 'the connection timed out'],
  ENOTFOUND: [exitCodes.unreachable, 'host not found'],
  EAI_AGAIN: [exitCodes.unreachable, 'the host name could not be resolved'],
};

/** What an error of the system is to people; any other in its own words. */
export function faultWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return faults[(error as NodeJS.ErrnoException).code ?? '']?.[1] ?? error.message;
}

/** The same of a folder that is made: both mean that something else is there. */
export function folderFaultWords(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'EEXIST' || code === 'ENOTDIR' ? 'the path is not a directory' : faultWords(error);
}

/** Of what writing a file of the user's fails with. */
export const unwritable = (path: string, words: string, cause?: unknown): FlowError =>
  new FlowError(exitCodes.usage, 'FileNotWritable', `the file cannot be written: ${words}`, {
    where: path,
    cause,
  });
