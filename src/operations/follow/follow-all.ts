import type { FlowError } from '../../errors.js';
import type { Gateways } from '../../ports/aws.js';
import type { Change, ExecutionModel } from '../../workflow/history/execution-model.js';
import type { LogLine } from '../../workflow/logs/log-line.js';
import { type ExplainedMapRun, explainMapRuns } from './explain-map-runs.js';
import { followAnyExecution } from './follow-any.js';
import type { FollowOptions } from './follow-execution.js';
import { tailBeside } from './log-while-following.js';

/** What is known of one followed execution. */
export interface Followed {
  executionArn: string;
  model?: ExecutionModel;
  mapRuns: ExplainedMapRun[];
}

/** All have ended, somebody left, or the time is over. */
export type Ending = 'end' | 'left' | 'timeout';

/** `signal` fires when somebody leaves. */
export interface FollowAllOptions<F extends Followed> extends Omit<FollowOptions, 'onUpdate'> {
  /** Epoch milliseconds. */
  until?: number;
  /** What is new is in `one` already. */
  onUpdate(one: F, changes: Change[]): void;
  /** Their log lines are read too. */
  logs?: {
    onLines(one: F, lines: LogLine[]): void;
    onMissing(one: F, group: string): void;
    onFailure(one: F, error: FlowError): void;
  };
}

/** Answers that are on their way when one leaves are still told, if they come at once. */
const LAST_ANSWERS_MS = 500;

/** Follows executions until all have ended, `signal` fires or the time is over; none of it ends them. */
export async function followAll<F extends Followed>(
  gateways: Pick<Gateways, 'states' | 'logs' | 'functions'>,
  followed: F[],
  options: FollowAllOptions<F>,
): Promise<Ending> {
  const { clock, signal, until } = options;
  let ending: Ending = 'end';
  const stop = new AbortController();
  const leave = (why: Ending): void => {
    if (!stop.signal.aborted) ending = why;
    stop.abort();
  };
  const onSignal = (): void => leave('left');
  if (signal.aborted) onSignal();
  signal.addEventListener('abort', onSignal);
  if (until !== undefined)
    clock.sleep(Math.max(0, until - clock.now()), stop.signal).then(
      () => leave('timeout'),
      () => {},
    );
  // Whoever leaves does not wait for an answer that may never come.
  const over = new AbortController();
  const left = new Promise<void>((resolve) => {
    const go = (): unknown => clock.sleep(LAST_ANSWERS_MS, over.signal).then(resolve, resolve);
    if (stop.signal.aborted) go();
    stop.signal.addEventListener('abort', go);
  });
  try {
    const all = followed.map((one) => followOne(gateways, one, { ...options, signal: stop.signal }));
    const following = Promise.all(all);
    following.catch(() => {});
    await Promise.race([following, left]);
  } finally {
    over.abort();
    stop.abort();
    signal.removeEventListener('abort', onSignal);
  }
  return followed.every(({ model }) => model && model.status !== 'RUNNING') ? 'end' : ending;
}

async function followOne<F extends Followed>(
  gateways: Pick<Gateways, 'states' | 'logs' | 'functions'>,
  one: F,
  { onUpdate, logs, ...around }: FollowAllOptions<F>,
): Promise<void> {
  const log =
    logs &&
    tailBeside(gateways, one.executionArn, around, {
      onLines: (lines) => logs.onLines(one, lines),
      onMissing: (group) => logs.onMissing(one, group),
      onFailure: (error) => logs.onFailure(one, error),
    });
  one.model = await followAnyExecution(gateways, one.executionArn, {
    ...around,
    explain: explainMapRuns(gateways.states, around),
    onUpdate(model, mapRuns, events, changes) {
      Object.assign(one, { model, mapRuns });
      onUpdate(one, changes);
      log?.happened(events);
    },
  });
  await log?.done;
}

/** What is found; undefined where it takes until `until` (epoch milliseconds). */
export async function inTime<T>(
  clock: FollowOptions['clock'],
  until: number | undefined,
  found: Promise<T>,
): Promise<T | undefined> {
  if (until === undefined) return await found;
  found.catch(() => {});
  const over = new AbortController();
  const late = clock.sleep(Math.max(0, until - clock.now()), over.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    over.abort();
  }
}
