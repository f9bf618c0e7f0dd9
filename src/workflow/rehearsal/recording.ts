import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { attemptKey, createPlaces, isScheduled, type Place, visitKey } from './place.js';
import type { Reply, TaskCall } from './reply.js';

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
}

export interface RecordedCall {
  place: Place;
  /** JSON text of what it was sent; undefined where the history has no data. */
  parameters?: string;
  replies: readonly Reply[];
  /** Its answer is not in the history: data was left out. */
  unknown?: boolean;
}

export interface RecordedMapRun {
  place: Place;
  mapRunArn: string;
  /** Milliseconds that it took; undefined: it did not end. */
  took?: number;
  failure?: { error: string; cause?: string };
  /** JSON text of the state's output, for a run that succeeded. */
  stateOutput?: string;
}

/** Reads an execution's history; what a redrive did again counts as further attempts. */
export function recordingOf(events: readonly HistoryEvent[]): Recording {
  const calls = new Map<string, RecordedCall & { at: number; replies: Reply[] }>();
  const mapRuns = new Map<string, RecordedMapRun & { at: number }>();
  const lastMapRun = new Map<string, RecordedMapRun>();
  const placeOf = createPlaces();
  for (const event of events) {
    const place = placeOf(event);
    if (!place) continue;
    const key = attemptKey(place);
    const details = detailsOf(event);
    if (event.type === 'MapRunStarted') {
      const run = { place, mapRunArn: textOf(details.mapRunArn) ?? '', at: event.timestamp };
      mapRuns.set(key, run);
      lastMapRun.set(visitKey(place), run);
    } else if (isScheduled(event.type)) {
      const parameters = textOf(details.parameters ?? details.input);
      calls.set(key, { place, parameters, at: event.timestamp, replies: [] });
    } else if (event.type === 'MapStateExited') {
      const run = lastMapRun.get(visitKey(place));
      if (run) run.stateOutput = textOf(details.output);
    }
    const run = mapRuns.get(key);
    if (run && /^MapRun(Succeeded|Failed|Aborted)$/.test(event.type)) {
      run.took = event.timestamp - run.at;
      if (event.type === 'MapRunFailed')
        run.failure = { error: textOf(details.error) ?? '', cause: textOf(details.cause) };
    }
    const call = calls.get(key);
    const what = call && saidBy(event, details);
    if (call && what === 'unknown') call.unknown = true;
    else if (call && what && what !== 'unknown')
      call.replies.push({ after: event.timestamp - call.at, what });
  }
  const { error, cause } = detailsOf(events.at(-1) ?? { id: 0, previousEventId: 0, timestamp: 0, type: '' });
  const missing =
    error === 'States.Runtime' && /The activity (\S+) does not exist\./.exec(textOf(cause) ?? '');
  const missingActivities = new Set(missing ? missing.slice(1) : []);
  return {
    calls,
    mapRuns,
    missingActivities,
    ended: /^Execution(?!Started|Redriven)/.test(events.at(-1)?.type ?? ''),
  };
}

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
