import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, FlowError } from '../../errors.js';
import { folderFaultWords } from '../../files/system-errors.js';
import type { GivenFileError, LocalServer, LocalServerOptions } from '../../local/index.js';
import type { Wait, Waits } from '../../ports/waits.js';
import { askForRoom, localHealth } from './health.js';

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

export type Carried = Omit<LocalServerOptions, 'dataDir' | 'onFatal'> & {
  /** Called when this process runs it. */
  onCarried?: () => void;
};

/** Where another process has those that the server had. */
const freePorts = { port: 0, s3Port: undefined };

type ConnectionClock = { now(): number; sleep(milliseconds: number): Promise<void> };

/**
 * The local server of a data directory: the one that runs, or one inside this process. One process holds the
 * directory at a time; when it goes, those that still need the server take its place.
 * @param settings asked when this process is to run it: they may have changed since
 * @param known `running`: where it was just seen to answer; `changes`: it has to run things; `carry` false: none is
 * started, FlowError 6 where none runs; `takeOver` false: another process's server is not carried on when it goes, so
 * that it may come back
 */
export function connectLocal(
  dataDir: string,
  settings: () => Promise<Carried>,
  clock: ConnectionClock,
  waits: Waits,
  {
    running,
    carry = true,
    takeOver = true,
    changes,
  }: { running?: string; carry?: boolean; takeOver?: boolean; changes: boolean },
): LocalConnection {
  let server: LocalServer | undefined;
  let current = running === undefined ? undefined : Promise.resolve(running);
  let failure: Error | undefined;

  /** Somebody else is about to run it; if they do not, this process does so again. */
  const giveWay = (): void => {
    const stopped = server?.stop();
    server = undefined;
    current = waits.during(waitFor(dataDir), async () => {
      await stopped;
      for (const giveUp = clock.now() + patience; clock.now() < giveUp; await clock.sleep(pause)) {
        const endpoint = await attach(dataDir);
        if (endpoint !== undefined) return endpoint;
      }
      return await carryOrAttach();
    });
    current.catch(() => {});
  };

  const carryOrAttach = async (): Promise<string> => {
    const { startLocalServer, DataDirectoryHeldError } = await import('../../local/index.js');
    const giveUp = clock.now() + patience;
    let anyPort = false;
    for (;;) {
      try {
        const onFatal = (error: Error): void => {
          failure = error;
        };
        const { onCarried, ...options } = await settings();
        const makeRoom = changes && takeOver ? undefined : giveWay;
        server = await startLocalServer({
          ...options,
          ...(anyPort && freePorts),
          dataDir,
          onFatal,
          makeRoom,
        });
        onCarried?.();
        return server.endpoint;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && !anyPort) {
          anyPort = true;
          continue;
        }
        if (!(error instanceof DataDirectoryHeldError)) throw localFailure(error, dataDir);
        const endpoint = error.holder?.endpoint;
        // Two that only read share a server; one that needs more does not.
        const room = changes && endpoint !== undefined && (await askForRoom(endpoint));
        if (!room && endpoint !== undefined && (await answers(endpoint))) return endpoint;
        if (clock.now() > giveUp) throw silentHolder(error.message, endpoint);
        await clock.sleep(pause);
      }
    }
  };
  const checked = async (endpoint: Promise<string>): Promise<string> => {
    if (failure) throw localFailure(failure, dataDir);
    return await endpoint;
  };
  let found = running !== undefined;
  const first = async (): Promise<string> =>
    (await attach(dataDir, changes)) ?? (carry ? await carryOrAttach() : notRunning(dataDir));
  const next = async (): Promise<string> =>
    takeOver || server !== undefined
      ? await carryOrAttach()
      : ((await attach(dataDir)) ?? notRunning(dataDir));
  const look = (): Promise<string> => {
    const looking = waits.during(waitFor(dataDir), found ? next : first);
    current = looking;
    looking.then(
      () => {
        found = true;
      },
      // It may come back: who asks next looks again.
      () => {
        if (!takeOver && current === looking) current = undefined;
      },
    );
    return looking;
  };
  return {
    endpoint: () => checked(current ?? look()),
    async lost(endpoint) {
      // Calls run side by side: the first one to notice looks for the next server, the others wait for it.
      const known = await current;
      return await checked(current === undefined || (known === endpoint && !failure) ? look() : current);
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
async function attach(dataDir: string, changes = false): Promise<string | undefined> {
  try {
    const text = readFileSync(`${dataDir}/server.json`, 'utf8');
    const { endpoint } = JSON.parse(text) as { endpoint?: string };
    return endpoint !== undefined && (await answers(endpoint, dataDir, changes)) ? endpoint : undefined;
  } catch {
    return undefined;
  }
}

/** True when a local server answers there (and, if asked, has that data: a port may have passed to another one). */
async function answers(endpoint: string, dataDir?: string, changes = false): Promise<boolean> {
  const health = await localHealth(endpoint);
  if (health === undefined || (changes && health.executes === false)) return false;
  return dataDir === undefined || health.dataDir === resolve(dataDir);
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
  const { code = 'LocalServerFailed' } = error as NodeJS.ErrnoException;
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new FlowError(
    denied ? exitCodes.denied : exitCodes.usage,
    code,
    `the local server cannot run: ${folderFaultWords(error)}`,
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
