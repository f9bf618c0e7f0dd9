import { type ExitCode, exitCodes, FlowError } from './errors.js';

/** Of node's errors on files and sockets: what each is to people, and its exit code. */
const faults: Record<string, [ExitCode, string]> = {
  ENOENT: [exitCodes.notFound, 'there is no such file'],
  ENOTDIR: [exitCodes.usage, 'a part of the path is not a folder'],
  EISDIR: [exitCodes.usage, 'it is a folder'],
  EEXIST: [exitCodes.usage, 'it is there already'],
  ENAMETOOLONG: [exitCodes.usage, 'the name is too long'],
  ELOOP: [exitCodes.usage, 'its links lead in a circle'],
  EROFS: [exitCodes.usage, 'the file system is read-only'],
  ENOSPC: [exitCodes.usage, 'no space left on the device'],
  EDQUOT: [exitCodes.usage, 'the disk quota is used up'],
  EMFILE: [exitCodes.usage, 'too many open files (ulimit -n)'],
  ENFILE: [exitCodes.usage, 'too many open files on this machine'],
  EIO: [exitCodes.usage, 'the disk failed'],
  EACCES: [exitCodes.denied, 'permission denied'],
  EPERM: [exitCodes.denied, 'operation not permitted'],
  ECONNREFUSED: [exitCodes.unreachable, 'connection refused'],
  ECONNRESET: [exitCodes.unreachable, 'the connection was reset'],
  ETIMEDOUT: [exitCodes.unreachable, 'no answer in time'],
  ENOTFOUND: [exitCodes.unreachable, 'there is no such host'],
  EAI_AGAIN: [exitCodes.unreachable, 'the name of the host could not be looked up'],
};

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
