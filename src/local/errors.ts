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
