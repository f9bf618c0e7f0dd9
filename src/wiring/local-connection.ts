import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes, FlowError } from '../errors.js';
import type { GivenFileError, LocalServer, LocalServerOptions } from '../local/index.js';
import type { Wait, Waits } from '../ports/waits.js';
import { localHealth } from './local-health.js';

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
 * @param known `running`: where it was just seen to answer; `carry` false: none is started, FlowError 6 where none runs
 */
export function connectLocal(
  options: Omit<LocalServerOptions, 'port'>,
  clock: ConnectionClock,
  waits: Waits,
  { running, carry = true }: { running?: string; carry?: boolean } = {},
): LocalConnection {
  const { dataDir } = options;
  let server: LocalServer | undefined;
  let current = running === undefined ? undefined : Promise.resolve(running);
  let failure: Error | undefined;

  const carryOrAttach = async (): Promise<string> => {
    const { startLocalServer, DataDirectoryHeldError } = await import('../local/index.js');
    const giveUp = clock.now() + patience;
    for (;;) {
      try {
        const onFatal = (error: Error): void => {
          failure = error;
        };
        server = await startLocalServer({ ...options, port: 0, onFatal });
        return server.endpoint;
      } catch (error) {
        if (!(error instanceof DataDirectoryHeldError)) throw localFailure(error, dataDir);
        const endpoint = error.holder?.endpoint;
        if (endpoint !== undefined && (await answers(endpoint))) return endpoint;
        if (clock.now() > giveUp) throw silentHolder(error.message, endpoint);
        await clock.sleep(pause);
      }
    }
  };
  const checked = async (endpoint: Promise<string>): Promise<string> => {
    if (failure) throw localFailure(failure, dataDir);
    return await endpoint;
  };
  return {
    endpoint() {
      current ??= waits.during(
        waitFor(dataDir),
        async () => (await attach(dataDir)) ?? (carry ? await carryOrAttach() : notRunning(dataDir)),
      );
      return checked(current);
    },
    async lost(endpoint) {
      // Calls run side by side: the first one to notice looks for the next server, the others wait for it.
      if ((await current) === endpoint && !failure) current = waits.during(waitFor(dataDir), carryOrAttach);
      return await checked(current ?? carryOrAttach());
    },
    carried: () => server !== undefined,
    async close() {
      await current?.catch(() => {});
      await server?.stop();
    },
  };
}

function notRunning(dataDir: string): never {
  throw new FlowError(exitCodes.unreachable, 'NotRunning', 'the local server is not running', {
    where: dataDir,
    hint: 'mbc-flow dev',
  });
}

const waitFor = (dataDir: string): Wait => ({
  on: `the local server for ${dataDir}`,
  missing:
    'the process that owns the data directory is not responding; run mbc-flow doctor, or use another --data-dir',
});

/** A running server's endpoint by its registration, without taking the lock (and without loading the store). */
async function attach(dataDir: string): Promise<string | undefined> {
  try {
    const text = await readFile(`${dataDir}/server.json`, 'utf8');
    const { endpoint } = JSON.parse(text) as { endpoint?: string };
    return endpoint !== undefined && (await answers(endpoint, dataDir)) ? endpoint : undefined;
  } catch {
    return undefined;
  }
}

/** True when a local server answers there (and, if asked, has that data: a port may have passed to another one). */
async function answers(endpoint: string, dataDir?: string): Promise<boolean> {
  const health = await localHealth(endpoint);
  return health !== undefined && (dataDir === undefined || health.dataDir === resolve(dataDir));
}

const silentHolder = (message: string, endpoint: string | undefined): FlowError =>
  new FlowError(exitCodes.unreachable, 'LocalServerSilent', message, {
    where: endpoint,
    hint: 'stop the unresponsive process, or use another --data-dir',
  });

/** What starting or running the local server may fail with, as a person reads it. A bug stays as it is. */
export function localFailure(error: unknown, dataDir: string): Error {
  if (error instanceof FlowError || error instanceof TypeError || error instanceof RangeError) return error;
  // By its name: the local server is loaded only where it runs.
  if (error instanceof Error && error.name === 'GivenFileError')
    return givenFileFailure(error as GivenFileError);
  const { message, code = 'LocalServerFailed' } = error as NodeJS.ErrnoException;
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new FlowError(
    denied ? exitCodes.denied : exitCodes.usage,
    code,
    `the local server cannot run: ${message}`,
    { where: dataDir, hint: 'choose another data directory with --data-dir', cause: error },
  );
}

const givenFileFailure = ({ file, message, missing, hint, cause }: GivenFileError): FlowError =>
  new FlowError(
    missing ? exitCodes.notFound : exitCodes.usage,
    missing ? 'FileNotFound' : 'InvalidFile',
    message,
    { where: file, hint, cause },
  );
