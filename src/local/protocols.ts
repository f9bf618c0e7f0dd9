import type { RequestListener } from 'node:http';
import type { VirtualClock } from './clock.js';
import type { Changes } from './http/changes.js';
import { clockApi } from './http/clock-api.js';
import { roomApi } from './http/hand-over-api.js';
import { type JsonOperations, sendJson } from './http/json-service.js';
import { createRouter } from './http/router.js';
import { type QuotaOf, TokenBuckets, throttled } from './http/throttle.js';
import { type LogStore, logsQuotas, logsService } from './logs/index.js';
import type { LocalServerOptions } from './options.js';
import type { Functions } from './ports.js';
import { statesQuotas } from './states/quotas.js';
import type { Store } from './store/port.js';

type Handler = Parameters<typeof createRouter>[0]['s3'];

interface Served {
  dataDir: string;
  options: Pick<LocalServerOptions, 'throttle' | 'allowedHosts' | 'execute' | 'makeRoom'>;
  /** Step Functions. */
  operations: JsonOperations;
  store: Store;
  clock: VirtualClock;
  logs: LogStore;
  functions: Pick<Functions, 'handle' | 'files'>;
  s3: Handler;
  changes: Changes;
  /** How many executions run. */
  running(): number;
}

/** Everything that the server answers, on one port. */
export function createProtocols({
  dataDir,
  options,
  operations,
  store,
  clock,
  logs,
  functions,
  s3,
  changes,
  running,
}: Served): RequestListener {
  const buckets = new TokenBuckets(() => clock.now());
  const limited = (operations: JsonOperations, quotaOf: QuotaOf): JsonOperations =>
    options.throttle ? throttled(operations, quotaOf, buckets) : operations;
  return createRouter({
    json: [
      {
        target: 'AWSStepFunctions',
        contentType: 'application/x-amz-json-1.0',
        errorNamespace: 'com.amazonaws.swf.service.v2.model',
        operations: limited(operations, statesQuotas(store)),
      },
      logsService({ store, clock, logs }, (served) => limited(served, logsQuotas)),
    ],
    lambda: functions.handle,
    s3,
    own: {
      health: async (_, response) =>
        sendJson(response, 200, {
          status: 'ok',
          dataDir,
          pid: process.pid,
          running: running(),
          throttle: options.throttle ?? false,
          executes: options.execute ?? true,
        }),
      ...(options.makeRoom && { 'make-room': roomApi(options.makeRoom) }),
      clock: clockApi(clock),
      changes: changes.handle,
      functions: async (_, response) => sendJson(response, 200, { files: functions.files() }),
    },
    allowedHosts: new Set((options.allowedHosts ?? []).map((name) => name.toLowerCase())),
  });
}
