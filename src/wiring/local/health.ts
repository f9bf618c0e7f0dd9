import { get, request } from 'node:http';
import { json } from 'node:stream/consumers';

/** What a local server says of itself. */
export interface Health {
  pid?: number;
  dataDir?: string;
  /** It counts calls as AWS does. */
  throttle?: boolean;
  /** False: it runs nothing, since the command that it is inside of only reads. */
  executes?: boolean;
}

/** Asks a server that runs nothing to stop; whoever still reads there goes on with the one that comes after it. */
export async function askForRoom(endpoint: string): Promise<boolean> {
  if ((await localHealth(endpoint))?.executes !== false) return false;
  return await new Promise((resolve) => {
    const headers = { 'x-mbc-flow': 'make-room' };
    const asked = request(`${endpoint}/_mbc-flow/make-room`, { method: 'POST', headers, agent: false });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('error', () => resolve(false)).end();
  });
}

const last = new Map<string, Health | undefined>();

/** What it said last: a connection has asked already. */
export const lastHealth = (endpoint: string): Health | undefined => last.get(endpoint);

/** Undefined where no local server answers. @param patience in milliseconds */
export async function localHealth(endpoint: string, patience = 2_000): Promise<Health | undefined> {
  const health = await answerOf<Health>(`${endpoint}/_mbc-flow/health`, AbortSignal.timeout(patience)).catch(
    () => undefined,
  );
  last.set(endpoint, health);
  return health;
}

/** The time of a local server's clock: epoch milliseconds. Undefined where none answers. */
export async function localTime(endpoint: string): Promise<number | undefined> {
  const url = `${endpoint}/_mbc-flow/clock`;
  const told = await answerOf<{ now?: string }>(url, AbortSignal.timeout(2_000)).catch(() => undefined);
  const now = Date.parse(told?.now ?? '');
  return Number.isNaN(now) ? undefined : now;
}

/** What its functions were loaded from, those that ran until now, each file with its stamp then. */
export async function functionFiles(endpoint: string): Promise<Record<string, string>> {
  const url = `${endpoint}/_mbc-flow/functions`;
  const told = await answerOf<{ files?: Record<string, string> }>(url, AbortSignal.timeout(2_000)).catch(
    () => undefined,
  );
  return told?.files ?? {};
}

async function answerOf<T>(url: string, signal: AbortSignal): Promise<T | undefined> {
  if (!url.startsWith('http:')) {
    const response = await fetch(url, { signal });
    return response.ok ? ((await response.json()) as T) : undefined;
  }
  // Every command on this machine asks this first, and loading `fetch` takes a quarter of its time.
  return new Promise((resolve, reject) => {
    get(url, { signal, agent: false }, (response) => {
      if (response.statusCode === 200) json(response).then((value) => resolve(value as T), reject);
      else {
        response.resume();
        resolve(undefined);
      }
    }).on('error', reject);
  });
}
