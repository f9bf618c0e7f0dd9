import type { EventSource } from '../events/event-source.js';
import { frameworkQueues } from '../framework/conventions.js';
import { type AppEnvironment, appEndpoints, appTablePrefix, isLoopback } from './app-environment.js';
import type { EventSourceConfig } from './config-schema.js';

export interface EventSourceWishes {
  configured?: EventSourceConfig[];
  /** What the app's serverless.yml gives to its functions. */
  mapped?: Omit<EventSource, 'endpoint'>[];
  /** Also where nothing says that the services are on this machine. */
  always?: boolean;
}

/** Where the framework's local environment has them. */
const usual = { stream: 'http://127.0.0.1:8000', queue: 'http://127.0.0.1:9324' };

/**
 * What the local server delivers to functions: what the config lists, else what the app's serverless.yml does, else
 * the tables and queues of the framework. Only from services on this machine, unless they are configured.
 */
export function eventSourceSettings(
  app: AppEnvironment,
  { configured, mapped, always = false }: EventSourceWishes,
): EventSource[] {
  const { dynamodb, sqs } = appEndpoints(app);
  const named = { stream: dynamodb, queue: sqs };
  const at = (kind: 'stream' | 'queue', given: string | undefined): string | undefined => {
    const endpoint = given ?? named[kind];
    if (always) return endpoint ?? usual[kind];
    return isLoopback(endpoint) ? endpoint : undefined;
  };
  if (configured !== undefined) {
    return configured.flatMap(({ stream, queue, endpoint: given, function: functionName, ...more }) => {
      const kind = stream === undefined ? 'queue' : 'stream';
      const endpoint = at(kind, given);
      return endpoint === undefined
        ? []
        : [{ kind, name: stream ?? queue ?? '', endpoint, functionName, ...more }];
    });
  }
  const streams = mapped?.filter(({ kind }) => kind === 'stream') ?? [];
  const queues = mapped?.filter(({ kind }) => kind === 'queue') ?? appQueues(app);
  return [...(streams.length > 0 ? streams : appTables(app)), ...queues].flatMap((source) => {
    const endpoint = at(source.kind, undefined);
    return endpoint === undefined ? [] : [{ ...source, endpoint }];
  });
}

type Source = Omit<EventSource, 'endpoint'>;

/** Of the app alone where that can be known: others may use the same DynamoDB. */
function appTables(app: AppEnvironment): Source[] {
  const streams = Object.entries(app).filter(([name]) => /^LOCAL_DDB_\w+_STREAM$/.test(name));
  const tables = streams.flatMap(([, arn]) => /:table\/([^/]+)\/stream\//.exec(arn ?? '')?.[1] ?? []);
  const names = tables.length > 0 ? [...new Set(tables)] : [`${appTablePrefix(app) ?? ''}*`];
  return names.map((name) => ({ kind: 'stream', name }));
}

/** The queues that the framework gives to its function. Any other is somebody else's, and would be emptied. */
function appQueues({ IMPORT_QUEUE_URL }: AppEnvironment): Source[] {
  const own = IMPORT_QUEUE_URL?.split('/').at(-1);
  return [...new Set([...frameworkQueues, ...(own ? [own] : [])])].map((name) => ({ kind: 'queue', name }));
}
