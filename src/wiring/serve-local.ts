import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ServedLocal, ServeOptions } from '../cli/shell/context.js';
import type { EventSourceSettings } from '../config/event-sources.js';
import { exitCodes, FlowError } from '../errors.js';
import { watchFiles } from '../files/watch-files.js';
import {
  DataDirectoryHeldError,
  type LocalServer,
  lockDataDirectory,
  startLocalServer,
} from '../local/index.js';
import type { LocalSettings } from './laptop.js';
import { listens } from './listens.js';
import { localFailure } from './local-connection.js';
import { portHolder } from './port-holder.js';

interface Served {
  /** The config's settings, the flags' functions on top. */
  load(): Promise<LocalSettings & { eventSources: EventSourceSettings[] }>;
  /** The files that it reads. */
  watched: string[];
  dataDir: string;
}

/** The local server for `mbc-flow dev`: the config's settings, the flags on top; it follows the config. */
export async function serveLocal(served: Served, cwd: string, options: ServeOptions): Promise<ServedLocal> {
  const { dataDir } = served;
  const { reset, serviceEndpoints, mocks, s3PortIfFree } = options;
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
    const server = await startLocalServer({
      ...options,
      ...configured,
      s3Port,
      serviceEndpoints: { ...configured.serviceEndpoints, ...serviceEndpoints },
      mocks: mocks === undefined ? configured.mocks : resolve(cwd, mocks),
      template: options.template ?? null,
      checkFunctions: true,
      dataDir,
      onFatal: (error) => fail(localFailure(error, dataDir)),
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
    });
  });
  files.set(watched);
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
