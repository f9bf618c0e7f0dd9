import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Changes, TargetChange } from '../../ports/changes.js';
import type { Clock } from '../../ports/clock.js';
import type { LocalConnection } from './connection.js';

/** Milliseconds until a server that is away is looked for again. */
const AGAIN = 500;
/** It writes more often than that, news or not. */
const SILENCE = 30_000;

/** What the embedded server tells of its changes. */
export function localChanges(local: Pick<LocalConnection, 'endpoint' | 'lost'>, clock: Clock): Changes {
  return async function* (signal) {
    let endpoint: string | undefined;
    let away = false;
    while (!signal.aborted) {
      try {
        endpoint = await (endpoint === undefined ? local.endpoint() : local.lost(endpoint));
        away = false;
        yield* changesAt(endpoint, signal);
        yield unknown;
      } catch {
        // It is away: whoever calls it now hears of that.
        if (!signal.aborted && !away) yield unknown;
        away = true;
      }
      if (!signal.aborted) await clock.sleep(AGAIN, signal).catch(() => {});
    }
  };
}

const unknown: TargetChange = { executionArns: [], machines: false, all: true };

async function* changesAt(endpoint: string, signal: AbortSignal): AsyncGenerator<TargetChange> {
  const response = await opened(`${endpoint}/_mbc-flow/changes`, signal);
  try {
    if (response.statusCode !== 200) return;
    for await (const text of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (text === '') continue;
      const { executions, machines, all } = JSON.parse(text) as {
        executions: string[];
        machines: boolean;
        all: boolean;
      };
      yield { executionArns: executions, machines, all };
    }
  } finally {
    response.destroy();
  }
}

function opened(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, agent: false }, resolve);
    request.setTimeout(SILENCE, () => request.destroy(new Error('the server is silent')));
    request.on('error', reject);
  });
}
