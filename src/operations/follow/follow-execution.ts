import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError, failedWith } from '../../errors.js';
import type { MapRunDescription, StepFunctionsGateway } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import { rest } from '../../ports/retry.js';
import { type Change, createModel, type ExecutionModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { isExpress } from '../../workflow/names/arn.js';
import { createFollowPace } from '../pace/follow-pace.js';
import { allowed } from '../pace/unless-denied.js';
import type { ExplainedMapRun, ExplainMapRuns } from './explain-map-runs.js';
import { eventsAfter, LARGEST_PAGE } from './new-events.js';

export interface FollowOptions {
  /** Ends the following, never the execution. */
  signal: AbortSignal;
  clock: Clock;
  /** Between two looks at a running map run; the history's own pace follows its life (`createFollowPace`). */
  pollMilliseconds: number;
  /**
   * Epoch milliseconds of a redrive: changes before it are not told, and an end before it is none (the history may be
   * read before it says so).
   */
  since?: number;
  /** Why executions of map runs failed is told too. */
  explain?: ExplainMapRuns;
  /** Called when something is new. The model is the same object each time, folded further. */
  onUpdate?(
    model: ExecutionModel,
    mapRuns: ExplainedMapRun[],
    newEvents: HistoryEvent[],
    changes: Change[],
  ): void;
}

/** So often in a row the service may be out of reach (throttled, most likely). */
const mostMisses = 30;

/**
 * Follows an execution (or reads one that has ended) until its end or until `signal` fires: the model's
 * status says which. Costs one call and one event per poll while nothing is new, and reads each event about once.
 */
export async function followExecution(
  gateway: Pick<StepFunctionsGateway, 'historyPages' | 'describeMapRun'>,
  executionArn: string,
  options: FollowOptions,
): Promise<ExecutionModel> {
  refuseExpress(executionArn);
  const { signal, since = 0 } = options;
  const model = createModel();
  const mapRuns = new Map<string, MapRunDescription>();
  let explained: ExplainedMapRun[] = [];
  const tell = (fresh: HistoryEvent[], changes: Change[]): void =>
    options.onUpdate?.(
      model,
      explained,
      fresh,
      changes.filter(({ at }) => at >= since),
    );
  const ended = (): boolean => model.status !== 'RUNNING' && (model.stoppedAt ?? since) >= since;
  const descriptions = (): MapRunDescription[] =>
    model.mapRuns.flatMap((run) => mapRuns.get(run.mapRunArn) ?? []);

  const pace = createFollowPace(options.clock, options.pollMilliseconds);
  let misses = 0;
  let away: FlowError | undefined;
  let fresh: HistoryEvent[] = [];
  for await (const page of gateway.historyPages(executionArn, { pageSize: LARGEST_PAGE })) {
    if (fresh.length > 0) {
      tell(fresh, applyEvents(model, fresh));
    }
    fresh = page;
    if (signal.aborted) break;
  }
  for (;;) {
    const changes = applyEvents(model, fresh);
    const { changed, missed, running } = await countMapRuns(gateway, model, mapRuns);
    const { runs, fresh: why } = (await options.explain?.(descriptions())) ?? {
      runs: descriptions(),
      fresh: false,
    };
    explained = runs;
    if (fresh.length > 0 || changed || why) tell(fresh, changes);
    const failure = missed ?? away;
    if (signal.aborted || (ended() && !failure)) return model;
    misses = failure ? misses + 1 : 0;
    if (failure && misses > mostMisses) throw failure;
    const pause = pace.pause(fresh.length > 0 || changed);
    // More than a page: there is more to read than a look gives. Counts of map runs may be had once a second.
    if (running) await rest(options, Math.max(pause, options.pollMilliseconds));
    else if (fresh.length < LARGEST_PAGE) await rest(options, pause);
    if (signal.aborted) return model;
    const news = await whenReached(eventsAfter(gateway, executionArn, model.lastEventId));
    fresh = news.value ?? [];
    away = news.missed;
  }
}

/** STANDARD executions have a history to read; what an EXPRESS one did is in its logs only. */
function refuseExpress(executionArn: string): void {
  if (!isExpress(executionArn)) return;
  throw new FlowError(
    exitCodes.usage,
    'ExpressExecution',
    'this is an execution of an EXPRESS state machine: AWS keeps no history of it that could be read',
    { where: executionArn, hint: "Look into the state machine's CloudWatch log group." },
  );
}

/**
 * Counts of map runs: those that ended since, and one that runs (the one counted longest ago), because
 * DescribeMapRun is allowed once a second for a whole account. Counts that could not be had (`missed`) can wait.
 */
async function countMapRuns(
  gateway: Pick<StepFunctionsGateway, 'describeMapRun'>,
  model: ExecutionModel,
  known: Map<string, MapRunDescription>,
): Promise<{ changed: boolean; running: boolean; missed?: FlowError }> {
  const open = model.mapRuns.filter((run) => (known.get(run.mapRunArn)?.status ?? 'RUNNING') === 'RUNNING');
  const running = open.filter((run) => run.status === 'RUNNING');
  const due = [...open.filter((run) => run.status !== 'RUNNING')];
  const order = [...known.keys()];
  running.sort((a, b) => order.indexOf(a.mapRunArn) - order.indexOf(b.mapRunArn));
  if (running[0]) due.push(running[0]);
  let changed = false;
  for (const { mapRunArn } of due) {
    const read = () => whenReached(gateway.describeMapRun(mapRunArn));
    const counted = await allowed(read);
    // Who may not see counts follows the execution without.
    if (!counted) return { changed, running: false };
    const { value: description, missed } = counted;
    if (!description) return { changed, running: true, missed };
    changed ||= countsOf(description) !== countsOf(known.get(mapRunArn));
    known.delete(mapRunArn);
    known.set(mapRunArn, description);
  }
  return { changed, running: running.length > 0 };
}

/** What a call gives; or, where the service was out of reach, the error. */
async function whenReached<T>(call: Promise<T>): Promise<{ value?: T; missed?: FlowError }> {
  try {
    return { value: await call };
  } catch (error) {
    if (failedWith(error, exitCodes.unreachable)) return { missed: error };
    throw error;
  }
}

const countsOf = (run: MapRunDescription | undefined): string =>
  JSON.stringify([run?.status, run?.itemCounts, run?.executionCounts]);
