import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from '../history/event-details.js';

/** What a history says became of a task. */
export interface TaskOutcome {
  /** `ended`: the execution, or what it ran in, ended around it. */
  how: 'open' | 'succeeded' | 'failed' | 'timedOut' | 'ended';
  /** Epoch milliseconds. */
  at?: number;
  /** JSON text that it was answered with. */
  output?: string;
  error?: string;
  cause?: string;
  /** The state was left, on its way or by a Catch. */
  exited: boolean;
  /** The state that was entered next. */
  nextState?: string;
  /** The same state tries again. */
  retried: boolean;
  /** The execution has ended: `SUCCEEDED`, `FAILED`, … and why. */
  execution?: { status: string; error?: string; cause?: string };
}

const ENDINGS: Record<string, TaskOutcome['how']> = {
  TaskSucceeded: 'succeeded',
  ActivitySucceeded: 'succeeded',
  TaskFailed: 'failed',
  TaskSubmitFailed: 'failed',
  TaskStartFailed: 'failed',
  ActivityFailed: 'failed',
  ActivityScheduleFailed: 'failed',
  TaskTimedOut: 'timedOut',
  ActivityTimedOut: 'timedOut',
};
const EXECUTION_ENDINGS: Record<string, string> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

/** @param events ascending, from the event that scheduled the task (id `scheduledId`) to the newest */
export function taskOutcome(events: HistoryEvent[], scheduledId: number): TaskOutcome {
  const after = events.filter(({ id }) => id > scheduledId);
  const last = events.at(-1);
  const status = last && EXECUTION_ENDINGS[last.type];
  const execution = last && status ? { status, ...failureOf(last) } : undefined;
  const ending = endingOf(after, scheduledId);
  if (!ending) {
    // A branch that failed, a stop or a time limit ends tasks without a word about each.
    const how = execution ? 'ended' : 'open';
    return { how, at: execution && last?.timestamp, exited: false, retried: false, execution };
  }
  const then = after.filter(({ previousEventId }) => previousEventId === ending.id);
  const exited = then.find(({ type }) => type === 'TaskStateExited');
  const next = exited && after.find((event) => event.previousEventId === exited.id && isEntry(event));
  return {
    how: ENDINGS[ending.type] ?? 'ended',
    at: ending.timestamp,
    output: textOf(detailsOf(ending).output),
    ...failureOf(ending),
    exited: exited !== undefined,
    nextState: next && textOf(detailsOf(next).name),
    retried: then.some(({ type }) => type === 'TaskScheduled' || type === 'ActivityScheduled'),
    execution,
  };
}

/** Each event names the one before it: along that chain, the first that ends the attempt. */
function endingOf(after: HistoryEvent[], scheduledId: number): HistoryEvent | undefined {
  let at = scheduledId;
  for (const event of after) {
    if (event.previousEventId !== at || !/^(Task|Activity)/.test(event.type)) continue;
    if (ENDINGS[event.type]) return event;
    if (!/(Started|Submitted)$/.test(event.type)) return undefined;
    at = event.id;
  }
  return undefined;
}

const isEntry = ({ type }: HistoryEvent): boolean => type.endsWith('StateEntered');

function failureOf(event: HistoryEvent): { error?: string; cause?: string } {
  const { error, cause } = detailsOf(event);
  return { error: textOf(error), cause: textOf(cause) };
}
