import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ServedLocal, ServeOptions } from '../cli/shell/context.js';
import type { EventSourceSettings } from '../config/event-sources.js';
import { exitCodes, FlowError } from '../errors.js';
import { DataDirectoryHeldError, lockDataDirectory, startLocalServer } from '../local/index.js';
import type { LocalSettings } from './laptop.js';
import { listens } from './listens.js';
import { localFailure } from './local-connection.js';
import { portHolder } from './port-holder.js';

/** The local server for `mbc-flow dev`: the config's settings, the flags on top. */
export async function serveLocal(
  configured: LocalSettings,
  dataDir: string,
  cwd: string,
  options: Omit<ServeOptions, 'eventSources'> & { eventSources: EventSourceSettings[] },
): Promise<ServedLocal> {
  const { functions, reset, template, serviceEndpoints, mocks, s3PortIfFree, ...rest } = options;
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Nobody may be waiting yet.
  failed.catch(() => {});
  try {
    if (reset) empty(dataDir);
    if (s3PortIfFree && rest.s3Port && (await listens(`http://127.0.0.1:${rest.s3Port}`))) {
      options.log(`port ${rest.s3Port} is taken: S3 answers on the port of all services only`);
      rest.s3Port = undefined;
    }
    const server = await startLocalServer({
      ...configured,
      ...rest,
      functions: functionsOf(configured.functions, fromHere(functions ?? {}, cwd), options),
      serviceEndpoints: { ...configured.serviceEndpoints, ...serviceEndpoints },
      mocks: mocks === undefined ? configured.mocks : resolve(cwd, mocks),
      template: template === undefined ? undefined : resolve(cwd, template),
      dataDir,
      onFatal: (error) => fail(localFailure(error, dataDir)),
    });
    return {
      endpoint: server.endpoint,
      s3Endpoint: server.s3Endpoint,
      dataDir: server.dataDir,
      eventSources: options.eventSources,
      stop: () => server.stop(),
      failed,
    };
  } catch (error) {
    throw await serveFailure(error, dataDir, options.host);
  }
}

/** The flags' come before the config's, of which none is left where a flag's endpoint takes every function. */
export const functionsOf = (
  configured: LocalSettings['functions'],
  flags: LocalSettings['functions'] = {},
  { lambdaEndpoint }: { lambdaEndpoint?: string } = {},
): NonNullable<LocalSettings['functions']> =>
  lambdaEndpoint !== undefined ? flags : { ...configured, ...flags };

/** A flag's paths start from the working directory, the config's from its own folder. */
const fromHere = (functions: Record<string, string>, cwd: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(functions).map(([name, spec]) => [
      name,
      /^https?:\/\//.test(spec) ? spec : resolve(cwd, spec),
    ]),
  );

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
