import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { EventSource } from '../../events/event-source.js';
import { type FilterPattern, frameworkStreamFilter, readFilters } from '../../events/filter-pattern.js';
import { faultWords } from '../../files/system-errors.js';
import type { Json, JsonObject } from '../../json/json.js';
import { account, region } from '../arns.js';
import type { Functions } from '../ports.js';
import type { Store } from '../store/port.js';
import { createCheckpoints } from './checkpoints.js';
import { backoff, type Delivering, type Found, pause } from './delivery.js';
import { followQueue, listQueues } from './queue.js';
import { type Call, caller } from './service-call.js';
import { followStream, listStreams } from './stream.js';

export { checkpointSchema } from './checkpoints.js';

export interface EventSources {
  /** What is delivered now, as Lambda's ListEventSourceMappings tells it. */
  mappings(): JsonObject[];
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

interface EventSourcesOptions {
  sources: EventSource[];
  store: Store;
  invoke: Functions['invoke'];
  /** Keeps virtual time from being skipped while something is delivered; the result ends it. */
  hold: () => () => void;
  /** Of the sources that name none. */
  functionName: string;
  log: (line: string) => void;
}

const LOOK_FOR_SOURCES = 2_000;

/**
 * Delivers streams of DynamoDB and queues of SQS to functions, as Lambda's event source mappings do. Sources may come
 * later than this: their services are asked again and again.
 * @throws FlowError 2 for a filter that Lambda would refuse
 */
export function startEventSources(options: EventSourcesOptions): EventSources {
  const { invoke, hold, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  // Everything that polls listens to it.
  setMaxListeners(0, signal);
  const found = new Map<string, Found & { uuid: string }>();
  const delivering: Delivering = {
    async invoke(...call) {
      const release = hold();
      try {
        return await invoke(...call);
      } finally {
        release();
      }
    },
    checkpoints: createCheckpoints(options.store),
    log,
    signal,
  };

  /** Services that did not answer, and of which that was told. */
  const silent = new Set<string>();

  const watch = async (source: EventSource, filters: FilterPattern[]): Promise<void> => {
    const { kind, endpoint, functionName = options.functionName, batchSize = 1 } = source;
    const call = caller(kind, endpoint, region);
    const followed: Promise<void>[] = [];
    const follow = async (arn: string, run: (one: Found) => Promise<void>): Promise<void> => {
      const one = { kind, arn, functionName, filters, batchSize };
      found.set(arn, { ...one, uuid: randomUUID() });
      log(`delivering ${arn} to ${functionName}`);
      await run(one);
      found.delete(arn);
    };
    let attempts = 0;
    while (!signal.aborted) {
      try {
        // A queue stays what it is; a table made anew has another stream.
        const complete = [...found.keys()].some((arn) => kind === 'queue' && arn.endsWith(`:${source.name}`));
        for (const { arn, run } of complete ? [] : await matching(source, call, delivering)) {
          // By this source or another one, it may be followed already.
          if (!found.has(arn)) followed.push(follow(arn, run));
        }
        attempts = 0;
        silent.delete(`${kind} ${endpoint}`);
      } catch (error) {
        if (signal.aborted) break;
        attempts += 1;
        if (attempts === 1 && !silent.has(`${kind} ${endpoint}`)) {
          silent.add(`${kind} ${endpoint}`);
          log(
            `no ${kind}s available at ${endpoint} yet (${faultWords(error)}): delivered as soon as it answers, all else works without`,
          );
        }
      }
      await pause(attempts === 0 ? LOOK_FOR_SOURCES : Math.min(backoff(attempts), 5_000), signal);
    }
    await Promise.all(followed);
  };

  const watched = options.sources
    .map((source) => [source, filtersOf(source)] as const)
    .map(([source, filters]) => watch(source, filters));
  return {
    mappings: () => [...found.values()].map(mappingOf),
    async stop() {
      ending.abort();
      await Promise.all(watched);
    },
  };
}

/** Its own, or the framework's. */
function filtersOf({ kind, name, filters }: EventSource): FilterPattern[] {
  if (filters !== undefined) return readFilters(filters as Json, `the event source ${name}`);
  return kind === 'stream' ? [frameworkStreamFilter] : [];
}

/** What there is of a source now, and how each is followed. */
async function matching(
  { kind, name }: EventSource,
  call: Call,
  delivering: Delivering,
): Promise<{ arn: string; run(one: Found): Promise<void> }[]> {
  const { signal } = delivering;
  const fits = nameFilter(name);
  if (kind === 'stream') {
    return (await listStreams(call, signal))
      .filter(({ table }) => fits(table))
      .map(({ arn }) => ({ arn, run: (one) => followStream(delivering, call, one) }));
  }
  const queues = await listQueues(call, signal);
  const deadLetters = new Set(queues.map(({ deadLetter }) => deadLetter));
  return queues
    .filter((queue) => queue.name === name || (fits(queue.name) && !deadLetters.has(queue.arn)))
    .map(({ arn, url }) => ({ arn, run: (one) => followQueue(delivering, call, one, url) }));
}

/** `*` at the end stands for anything. */
function nameFilter(name: string): (candidate: string) => boolean {
  if (!name.endsWith('*')) return (candidate) => candidate === name;
  return (candidate) => candidate.startsWith(name.slice(0, -1));
}

function mappingOf({
  kind,
  arn,
  functionName,
  filters,
  batchSize,
  uuid,
}: Found & { uuid: string }): JsonObject {
  return {
    UUID: uuid,
    EventSourceArn: arn,
    FunctionArn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
    BatchSize: batchSize,
    State: 'Enabled',
    ...(kind === 'stream' && { StartingPosition: 'TRIM_HORIZON' }),
    ...(filters.length > 0 && {
      FilterCriteria: { Filters: filters.map((filter) => ({ Pattern: JSON.stringify(filter) })) },
    }),
  };
}
