import { accessSync, constants, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ServedLocal, ServeOptions } from '../../cli/shell/context.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { EventSource } from '../../events/event-source.js';
import { rememberServed } from '../../files/kept/served-as.js';
import { watchFiles } from '../../files/watch-files.js';
import {
  DataDirectoryHeldError,
  type LocalServer,
  type LocalServerOptions,
  lockDataDirectory,
  readRegistration,
  startLocalServer,
} from '../../local/index.js';
import { portHolder } from '../port-holder.js';
import { localFailure } from './connection.js';
import { askForRoom, localHealth } from './health.js';
import { listens } from './is-listening.js';
import { placesOf } from './served-settings.js';
import type { LocalSettings } from './settings.js';

interface Served {
  /** The config's settings, the flags' functions on top. */
  load(): Promise<LocalSettings & { eventSources: EventSource[] }>;
  /** The files that it reads now. */
  watched(): string[];
  dataDir: string;
  /** Of the process: whoever runs the server after it does so in the same way. */
  cwd: string;
  env: Record<string, string | undefined>;
}

/** The local server for `mbc-flow dev`: the config's settings, the flags on top; it follows the config. */
export async function serveLocal(served: Served, options: ServeOptions): Promise<ServedLocal> {
  const { dataDir, cwd, env } = served;
  const { reset, s3PortIfFree } = options;
  let { s3Port } = options;
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Nobody may be waiting yet.
  failed.catch(() => {});
  try {
    if (reset) empty(dataDir);
    if (s3PortIfFree && s3Port && (await listens(`http://127.0.0.1:${s3Port}`))) {
      options.log(`port ${s3Port} is taken: S3 answers on the port of all services only`);
      s3Port = undefined;
    }
    const configured = await served.load();
    const server = await startWithRoom({
      ...options,
      ...configured,
      s3Port,
      template: options.template === undefined ? null : resolve(cwd, options.template),
      checkFunctions: true,
      dataDir,
      onFatal: (error) => fail(localFailure(error, dataDir)),
      onListening(endpoint) {
        const { functions, lambdaEndpoint, serviceEndpoints, mocks, template, eventSources } = options;
        rememberServed(dataDir, {
          ...{ functions, lambdaEndpoint, serviceEndpoints, mocks, template, eventSources },
          ...{ timeScale: options.timeScale, throttle: options.throttle },
          ...{ cwd, port: Number(new URL(endpoint).port), s3Port, environment: placesOf(env) },
        });
      },
    });
    const unfollow = followConfig(server, served, options.log);
    return {
      endpoint: server.endpoint,
      s3Endpoint: server.s3Endpoint,
      dataDir: server.dataDir,
      eventSources: configured.eventSources,
      stop() {
        unfollow();
        return server.stop();
      },
      failed,
    };
  } catch (error) {
    throw await serveFailure(error, dataDir, options.host);
  }
}

/**
 * What `dev` would fail with, found out without a change.
 * @throws FlowError 5 where the directory or a port is taken, 2 where the directory can be none
 */
export async function refuseTaken(
  dataDir: string,
  { host = '127.0.0.1', port, s3Port, s3PortIfFree }: Omit<ServeOptions, 'log'>,
): Promise<void> {
  refuseUnusable(dataDir);
  const holder = readRegistration(dataDir);
  const health = holder?.endpoint === undefined ? undefined : await localHealth(holder.endpoint);
  if (health && health.executes !== false)
    throw await serveFailure(new DataDirectoryHeldError(dataDir, holder), dataDir);
  for (const wanted of [port, s3PortIfFree ? undefined : s3Port]) {
    if (!wanted || !(await listens(`http://${host.includes(':') ? `[${host}]` : host}:${wanted}`))) continue;
    throw await serveFailure(
      Object.assign(new Error(`port ${wanted} is taken`), { code: 'EADDRINUSE', port: wanted }),
      dataDir,
      host,
    );
  }
}

/** The directory, or else the nearest one above it, has to be one that can be written to. */
function refuseUnusable(dataDir: string): void {
  let path = dataDir;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  try {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' });
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw localFailure(error, dataDir);
  }
}

/** A command that only reads may hold the data directory: it gives way. */
async function startWithRoom(options: LocalServerOptions): Promise<LocalServer> {
  for (let left = 100; ; left--) {
    try {
      return await startLocalServer(options);
    } catch (error) {
      const endpoint = error instanceof DataDirectoryHeldError ? error.holder?.endpoint : undefined;
      if (left === 0 || endpoint === undefined || !(await askForRoom(endpoint))) throw error;
      while ((await localHealth(endpoint)) !== undefined) await setTimeout(20);
    }
  }
}

/** What the config says now; what is wrong with it is logged, and changes nothing. */
function followConfig(
  server: LocalServer,
  { load, watched }: Served,
  log: (line: string) => void,
): () => void {
  let working = Promise.resolve();
  const files = watchFiles(() => {
    working = working.then(async () => {
      try {
        await server.reconfigure(await load());
      } catch (error) {
        const { where, message } = error as FlowError;
        log(`${where === undefined ? '' : `${where}: `}${message}; the former config stays in use`);
      }
      files.set(watched());
    });
  });
  files.set(watched());
  return () => files.stop();
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

async function serveFailure(error: unknown, dataDir: string, host = '127.0.0.1'): Promise<Error> {
  if (error instanceof DataDirectoryHeldError) {
    const { holder, message } = error;
    return new FlowError(exitCodes.conflict, 'DataDirectoryHeld', message, {
      where: holder?.endpoint ?? dataDir,
      hint: 'use or stop the server that runs there, or use another --data-dir',
      details: { holder },
    });
  }
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE' && port !== undefined) {
    const holder = await portHolder(host, port);
    return new FlowError(exitCodes.conflict, 'PortInUse', `port ${port} is in use by ${holder}`, {
      where: `${host}:${port}`,
      hint: 'stop that process, or use another port (0 picks a free one)',
      cause: error,
    });
  }
  return localFailure(error, dataDir);
}
