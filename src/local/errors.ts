/** The data directory is held by another process. */
export class DataDirectoryHeldError extends Error {
  constructor(
    readonly dataDir: string,
    readonly holder: { pid: number; endpoint?: string } | undefined,
  ) {
    super(`the data directory ${dataDir} is in use${holder ? ` by process ${holder.pid}` : ''}`);
    this.name = 'DataDirectoryHeldError';
  }
}

/** A file that the server was given (a template, mocks, a machine) can't be used. */
export class GivenFileError extends Error {
  /** The file is not there. */
  readonly missing: boolean;
  readonly hint?: string;
  constructor(
    readonly file: string,
    message: string,
    { hint, cause }: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'GivenFileError';
    this.missing = (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    this.hint = hint;
  }
}
