import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, numberOf, textOf } from '../history/event-details.js';
import type { Stopped } from './play.js';
import type { Reply, TaskCall } from './reply.js';
import { attemptKey, createPlaces, isScheduled, type Place, visitKey } from './step-place.js';

/** What the world said in an execution that has run. */
export interface Recording {
  /** By attempt: what came back. Empty: nothing did before the task timed out or was called off. */
  calls: ReadonlyMap<string, RecordedCall>;
  /** By attempt. */
  mapRuns: ReadonlyMap<string, RecordedMapRun>;
  /** Activities that were not there. */
  missingActivities: ReadonlySet<string>;
  /** It has ended, so that a call without an answer never got one. */
  ended: boolean;
  /** It was stopped from outside. */
  stopped?: Stopped;
  /** Milliseconds between each end without success and the redrive after it. */
  redrives: readonly number[];
}

export interface RecordedCall {
  place: Place;
  /** JSON text of what it was sent; undefined where the history has no data. */
  parameters?: string;
  replies: readonly Reply[];
  /** Milliseconds in which nothing else came. */
  watched: number;
  /** Its answer is not in the history: data was left out. */
  unknown?: boolean;
}

export interface RecordedMapRun {
  place: Place;
  mapRunArn: string;
  /** Milliseconds that it took; undefined: it did not end. */
  took?: number;
  failure?: { error: string; cause?: string };
  /** JSON texts: of the state's input, and of its output where the run succeeded. */
  stateInput?: string;
  stateOutput?: string;
}

/** Reads an execution's history; what a redrive did again counts as further attempts. */
export function recordingOf(events: readonly HistoryEvent[]): Recording {
  type Call = RecordedCall & { at: number; replies: Reply[]; limit: number; givenUp?: true };
  const calls = new Map<string, Call>();
  const redrives: number[] = [];
  let before: HistoryEvent | undefined;
  const mapRuns = new Map<string, RecordedMapRun & { at: number }>();
  const lastMapRun = new Map<string, RecordedMapRun>();
  const inputs = new Map<string, string | undefined>();
  const placeOf = createPlaces();
  for (const event of events) {
    const place = placeOf(event);
    if (event.type === 'ExecutionRedriven') redrives.push(between(before?.timestamp ?? 0, event.timestamp));
    before = event;
    if (!place) continue;
    const key = attemptKey(place);
    const details = detailsOf(event);
    if (/^MapRun(Started|Redriven)$/.test(event.type)) {
      const mapRunArn = textOf(details.mapRunArn) ?? '';
      const run = { place, mapRunArn, stateInput: inputs.get(visitKey(place)), at: event.timestamp };
      mapRuns.set(key, run);
      lastMapRun.set(visitKey(place), run);
    } else if (isScheduled(event.type)) {
      const parameters = textOf(details.parameters ?? details.input);
      const limits = [details.timeoutInSeconds, details.heartbeatInSeconds].map(
        (limit) => numberOf(limit) ?? 0,
      );
      const limit =
        1000 *
        limits.filter((seconds) => seconds > 0).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      calls.set(key, { place, parameters, at: event.timestamp, replies: [], watched: 0, limit });
    } else if (event.type === 'MapStateEntered') {
      inputs.set(visitKey(place), textOf(details.input));
    } else if (event.type === 'MapStateExited') {
      const run = lastMapRun.get(visitKey(place));
      if (run) run.stateOutput = textOf(details.output);
    }
    const run = mapRuns.get(key);
    if (run && /^MapRun(Succeeded|Failed|Aborted)$/.test(event.type)) {
      run.took = between(run.at, event.timestamp);
      if (event.type === 'MapRunFailed')
        run.failure = { error: textOf(details.error) ?? '', cause: textOf(details.cause) };
    }
    const call = calls.get(key);
    if (call && /(TimedOut|Aborted)$/.test(event.type)) {
      call.givenUp = true;
      call.watched = event.timestamp - call.at;
      if (event.type.endsWith('TimedOut')) call.watched = Math.max(call.watched, call.limit);
    }
    const what = call && saidBy(event, details);
    if (call && what === 'unknown') call.unknown = true;
    else if (call && what && what !== 'unknown')
      call.replies.push({ after: between(call.at, event.timestamp), what });
  }
  const last = events.at(-1);
  const { error, cause } = last ? detailsOf(last) : {};
  /** Zero where nobody told the times. */
  const took = (last?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  // Until its end it was waited for, whatever the history says last of it.
  for (const call of calls.values()) {
    const answered = call.replies.some(
      ({ what }) => what.type === 'TaskSucceeded' || what.type === 'TaskFailed',
    );
    if (!answered && !call.givenUp) call.watched = (last?.timestamp ?? 0) - call.at;
  }
  if (!(took > 0)) for (const call of calls.values()) call.watched = Number.POSITIVE_INFINITY;
  const missing =
    error === 'States.Runtime' && /The activity (\S+) does not exist\./.exec(textOf(cause) ?? '');
  const missingActivities = new Set(missing ? missing.slice(1) : []);
  return {
    calls,
    mapRuns,
    missingActivities,
    ended: /^Execution(?!Started|Redriven)/.test(last?.type ?? ''),
    stopped:
      last?.type === 'ExecutionAborted'
        ? { after: took, error: textOf(error), cause: textOf(cause) }
        : undefined,
    redrives,
  };
}

/** Milliseconds; none where nobody told the times. */
const between = (from: number, to: number): number => Math.max(0, to - from || 0);

/** What an event tells of the world's answer; timeouts come from the execution's own clock. */
function saidBy(
  { type }: HistoryEvent,
  details: Record<string, unknown>,
): Reply['what'] | 'unknown' | undefined {
  const [, kind] = /^(?:Task|LambdaFunction|Activity)(\w+)$/.exec(type) ?? [];
  if (kind === 'Succeeded' || kind === 'Submitted') {
    const output = textOf(details.output);
    return output === undefined ? 'unknown' : { type: `Task${kind}`, output };
  }
  if (kind?.endsWith('Failed'))
    return { type: 'TaskFailed', error: textOf(details.error), cause: textOf(details.cause) };
  return type === 'ActivityStarted'
    ? { type: 'TaskStarted', workerName: textOf(details.workerName) }
    : undefined;
}

/** What the world said to this call then; undefined where it was never asked, or its answer is not known. */
export function replyThen({ calls, ended }: Recording, { place }: TaskCall): readonly Reply[] | undefined {
  const call = calls.get(attemptKey(place));
  if (!call || call.unknown) return undefined;
  return call.replies.length > 0 || ended ? call.replies : undefined;
}

/** How long it is known that this call was not answered. */
export const silenceThen = ({ calls }: Recording, { place }: TaskCall): number =>
  calls.get(attemptKey(place))?.watched ?? Number.POSITIVE_INFINITY;
