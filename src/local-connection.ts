import type { FlowConfig } from './config/config.js';
import { exitCodes, FlowError } from './errors.js';
import type { LocalServer, LocalServerOptions } from './local/index.js';

/** How long a holder that does not answer yet is waited for. */
const patience = 10_000;
const pause = 50;

export interface LocalConnection {
  /** Where the local server answers now; found, or carried by this process, at the first call. */
  endpoint(): Promise<string>;
  /** It no longer answers: finds the next one, or carries on itself. */
  lost(endpoint: string): Promise<string>;
  carried(): boolean;
  close(): Promise<void>;
}

type ConnectionClock = { now(): number; sleep(milliseconds: number): Promise<void> };

/**
 * The local server of a data directory: the one that runs, or one inside this process. One process holds the
 * directory at a time; when it goes, those that still need the server take its place.
 */
export function connectLocal(
  options: Omit<LocalServerOptions, 'port'>,
  clock: ConnectionClock,
): LocalConnection {
  let server: LocalServer | undefined;
  let current: Promise<string> | undefined;
  let failure: Error | undefined;

  const find = async (): Promise<string> => {
    const { startLocalServer, DataDirectoryHeldError } = await import('./local/index.js');
    const giveUp = clock.now() + patience;
    for (;;) {
      try {
        server = await startLocalServer({
          ...options,
          port: 0,
          onFatal: (error) => {
            failure = error;
          },
        });
        return server.endpoint;
      } catch (error) {
        if (!(error instanceof DataDirectoryHeldError)) throw localFailure(error, options.dataDir);
        const endpoint = error.holder?.endpoint;
        if (endpoint !== undefined && (await answers(endpoint))) return endpoint;
        if (clock.now() > giveUp) throw heldError(error.message, endpoint);
        await clock.sleep(pause);
      }
    }
  };
  return {
    endpoint: () => {
      if (failure) throw localFailure(failure, options.dataDir);
      current ??= attach(options.dataDir).then((running) => running ?? find());
      return current;
    },
    async lost(endpoint) {
      if (failure) throw localFailure(failure, options.dataDir);
      if ((await current) === endpoint) current = find();
      return (await current) ?? endpoint;
    },
    carried: () => server !== undefined,
    async close() {
      await current?.catch(() => {});
      await server?.stop();
    },
  };
}

/** A running server's endpoint by its registration, without taking the lock (and without loading the store). */
async function attach(dataDir: string): Promise<string | undefined> {
  const { readFile } = await import('node:fs/promises');
  try {
    const text = await readFile(`${dataDir}/server.json`, 'utf8');
    const { endpoint } = JSON.parse(text) as { endpoint?: string };
    return endpoint !== undefined && (await answers(endpoint)) ? endpoint : undefined;
  } catch {
    return undefined;
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_mbc-flow/health`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

const heldError = (message: string, endpoint: string | undefined): FlowError =>
  new FlowError(exitCodes.unreachable, 'LocalServerSilent', message, {
    where: endpoint,
    hint: 'the process that holds it does not answer: end it, or use another --data-dir',
  });

/** What starting or running the local server may fail with, as a person reads it. */
export function localFailure(error: unknown, dataDir: string): FlowError {
  if (error instanceof FlowError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  return new FlowError(
    exitCodes.usage,
    code ?? 'LocalServerFailed',
    `the local server can't run: ${message}`,
    {
      where: dataDir,
      cause: error,
    },
  );
}

/** What the config's `local` section says, for the server; paths start from the config's folder. */
export function localOptions(
  config: FlowConfig,
  resolvePath: (folder: string, file: string) => string,
): Pick<LocalServerOptions, 'functions' | 'functionsBase' | 'machines' | 'lambdaEndpoint'> {
  const { functions, machines = {}, lambdaEndpoint } = config.local;
  return {
    functions,
    functionsBase: config.folder,
    lambdaEndpoint,
    machines: Object.fromEntries(
      Object.entries(machines).map(([name, file]) => [name, resolvePath(config.folder, file)]),
    ),
  };
}
