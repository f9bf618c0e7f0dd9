import type { EventSourceConfig } from './config-schema.js';

/** A stream or a queue to deliver, decided. */
export interface EventSourceSettings {
  kind: 'stream' | 'queue';
  /** Of the table or the queue; `*` at its end stands for anything. */
  name: string;
  endpoint: string;
  functionName?: string;
  filters?: unknown[];
  batchSize?: number;
}

/**
 * What `dev --event-sources` delivers: what the config lists, else the tables and queues of the framework's local
 * environment.
 * @param dotenv of a framework app, if there is one: its endpoints, its tables' streams (`LOCAL_DDB_<NAME>_STREAM`)
 */
export function eventSourceSettings(
  configured: EventSourceConfig[] | undefined,
  dotenv: Record<string, string>,
): EventSourceSettings[] {
  const endpoints = {
    stream: dotenv.DYNAMODB_ENDPOINT || 'http://127.0.0.1:8000',
    queue: dotenv.SQS_ENDPOINT || 'http://127.0.0.1:9324',
  };
  if (configured === undefined) {
    return [
      ...appTables(dotenv).map((name) => ({ kind: 'stream' as const, name, endpoint: endpoints.stream })),
      { kind: 'queue', name: '*', endpoint: endpoints.queue },
    ];
  }
  return configured.map(({ stream, queue, endpoint, function: functionName, filters, batchSize }) => {
    const kind = stream === undefined ? 'queue' : 'stream';
    return {
      kind,
      name: stream ?? queue ?? '',
      endpoint: endpoint ?? endpoints[kind],
      functionName,
      filters,
      batchSize,
    };
  });
}

/** Of the app alone where that can be known: others may use the same DynamoDB. */
function appTables(dotenv: Record<string, string>): string[] {
  const streams = Object.entries(dotenv).filter(([name]) => /^LOCAL_DDB_\w+_STREAM$/.test(name));
  const tables = streams.flatMap(([, arn]) => /:table\/([^/]+)\/stream\//.exec(arn)?.[1] ?? []);
  if (tables.length > 0) return [...new Set(tables)];
  const { NODE_ENV, APP_NAME } = dotenv;
  return [NODE_ENV && APP_NAME ? `${NODE_ENV}-${APP_NAME}-*` : '*'];
}
