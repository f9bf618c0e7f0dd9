import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../cli/shell/context.js';
import type { Target } from '../cli/shell/target.js';
import { createKeys, type NotedKeys } from './access-tokens.js';
import type { Console } from './console.js';
import { createDesk } from './desk.js';
import { readAssets } from './http/assets.js';
import { createRouter } from './http/router.js';
import { createImportRuns } from './imports/import-runs.js';
import { createUploads } from './imports/uploads.js';
import { routes } from './routes/index.js';
import { createEventStreams } from './streams/event-stream.js';
import { createHub } from './streams/hub.js';
import { topicsOf } from './topics/index.js';

export { digestOf, newToken } from './access-tokens.js';

export interface ConsoleOptions {
  context: Context;
  /** Connects; called when the first page asks for something, and again where it failed. */
  connect(): Promise<Target>;
  /** Of the built page. */
  assets: string;
  keys: NotedKeys;
  /** 0: a free one. */
  port: number;
  readOnly: boolean;
}

export interface RunningConsole {
  /** `http://127.0.0.1:8084` */
  address: string;
  port: number;
  /** Its token opens the page. */
  token: string;
  stop(): Promise<void>;
}

/** Serves the page and its API on loopback. @throws the listen error (EADDRINUSE) */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { context, connect, readOnly } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let connecting: Promise<Target> | undefined;
  const target = (): Promise<Target> => {
    connecting ??= connect();
    const now = connecting;
    now.catch(() => {
      if (connecting === now) connecting = undefined;
    });
    return now;
  };
  const around = { context, target, readOnly, signal };
  const uploads = createUploads();
  const console: Console = {
    ...around,
    desk: createDesk(around),
    uploads,
    importRuns: createImportRuns(),
  };
  const hub = createHub(topicsOf(console), (topic, error) =>
    context.err.verbose(`${topic}: ${error instanceof Error ? error.message : String(error)}`),
  );
  const streams = createEventStreams(hub);
  const keys = await createKeys(options.keys, context.clock);
  const assets = await readAssets(options.assets);
  const server = createServer(
    { requestTimeout: 300_000, headersTimeout: 10_000, keepAliveTimeout: 15_000, maxHeaderSize: 16_384 },
    createRouter({ assets, keys, routes, events: streams.handle, console }),
  );
  // What opens connections and says nothing takes none from others.
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    token: keys.token,
    async stop() {
      ending.abort();
      streams.close();
      await hub.close();
      uploads.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
