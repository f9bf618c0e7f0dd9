import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServedLocal, ServeOptions } from './cli/command.js';
import { exitCodes, FlowError } from './errors.js';
import { DataDirectoryHeldError, type LocalServerOptions, startLocalServer } from './local/index.js';
import { lockDataDirectory } from './local/store/lock.js';
import { localFailure } from './local-connection.js';

/** The local server for `mbc-flow dev`: the config's settings, the flags on top. */
export async function serveLocal(
  configured: Pick<LocalServerOptions, 'functions' | 'functionsBase' | 'machines' | 'lambdaEndpoint'>,
  dataDir: string,
  cwd: string,
  options: ServeOptions,
): Promise<ServedLocal> {
  const { functions, reset, ...rest } = options;
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // Nobody may be waiting yet.
  failed.catch(() => {});
  try {
    if (reset) empty(dataDir);
    const server = await startLocalServer({
      ...configured,
      ...rest,
      ...(functions && { functions: { ...configured.functions, ...functions }, functionsBase: cwd }),
      dataDir,
      onFatal: (error) => fail(localFailure(error, dataDir)),
    });
    return { endpoint: server.endpoint, dataDir: server.dataDir, stop: () => server.stop(), failed };
  } catch (error) {
    throw serveFailure(error, dataDir, options);
  }
}

/** Removes what a data directory of ours holds, and nothing else; not while another process uses it. */
function empty(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  const lock = lockDataDirectory(dataDir);
  try {
    for (const name of readdirSync(dataDir)) {
      if (/^(state\.db(-wal|-shm)?|objects|last\.json)$/.test(name))
        rmSync(join(dataDir, name), { recursive: true });
    }
  } finally {
    lock.release();
  }
}

function serveFailure(error: unknown, dataDir: string, { port, host }: ServeOptions): FlowError {
  if (error instanceof DataDirectoryHeldError) {
    const { holder } = error;
    return new FlowError(exitCodes.conflict, 'DataDirectoryHeld', error.message, {
      where: holder?.endpoint ?? dataDir,
      hint: 'that server can be used as it is; or end it, or give another --data-dir',
    });
  }
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return new FlowError(exitCodes.conflict, 'PortInUse', `the port ${port} is taken by another process`, {
      where: `${host ?? '127.0.0.1'}:${port}`,
      hint: `--port 0 takes a free one; \`lsof -i :${port}\` names the holder`,
      cause: error,
    });
  }
  return localFailure(error, dataDir);
}
