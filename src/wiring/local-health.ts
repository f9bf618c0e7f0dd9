import { get } from 'node:http';
import { json } from 'node:stream/consumers';

/** What a local server says of itself. */
export interface Health {
  pid?: number;
  dataDir?: string;
  /** It counts calls as AWS does. */
  throttle?: boolean;
}

/** Undefined where no local server answers. @param patience in milliseconds */
export async function localHealth(endpoint: string, patience = 2_000): Promise<Health | undefined> {
  try {
    return await answerOf(`${endpoint}/_mbc-flow/health`, AbortSignal.timeout(patience));
  } catch {
    return undefined;
  }
}

async function answerOf(url: string, signal: AbortSignal): Promise<Health | undefined> {
  if (!url.startsWith('http:')) {
    const response = await fetch(url, { signal });
    return response.ok ? ((await response.json()) as Health) : undefined;
  }
  // Every command on this machine asks this first, and loading `fetch` takes a quarter of its time.
  return new Promise((resolve, reject) => {
    get(url, { signal, agent: false }, (response) => {
      if (response.statusCode === 200) json(response).then((value) => resolve(value as Health), reject);
      else {
        response.resume();
        resolve(undefined);
      }
    }).on('error', reject);
  });
}
