import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { type DataDifference, dataDifference, type Volatile } from './compare-data.js';
import { createPlaces, isScheduled, type Place, visitKey } from './step-place.js';

/** One visit of a state. Data is JSON text; undefined where it is not known or there was none. */
export interface WayStep {
  place: Place;
  type: string;
  input?: string;
  output?: string;
  /** What each attempt sent, and how it ended. */
  attempts: WayAttempt[];
  /** The visit ended so, where it did not end with an output. */
  error?: string;
  cause?: string;
  /** Ids of the events with which it began, and ended (so far). */
  entered: number;
  ended: number;
  /** Id of the event that led here. */
  follows: number;
}

export interface WayAttempt {
  sent?: string;
  output?: string;
  error?: string;
  cause?: string;
  /** Ids of events. */
  begun: number;
  ended: number;
}

/** The way of an execution, a visit each, in the order in which the states were entered. */
export function wayOf(events: readonly HistoryEvent[]): WayStep[] {
  const steps = new Map<string, WayStep>();
  /** By the ids of their events. */
  const stepOf: (WayStep | undefined)[] = [];
  const placeOf = createPlaces();
  for (const event of events) {
    const place = placeOf(event);
    const details = detailsOf(event);
    const { id, type, previousEventId } = event;
    if (/^(MapIteration|MapState|ParallelState|Execution)(Failed|TimedOut)$/.test(type))
      failUnderWay(stepOf[previousEventId], id, details);
    if (!place) continue;
    const key = visitKey(place);
    if (type.endsWith('StateEntered')) {
      const of = type.replace('StateEntered', '');
      const failure = of === 'Fail' ? { error: 'Fail', ended: id } : {};
      const ids = { entered: id, ended: Number.POSITIVE_INFINITY, follows: previousEventId };
      const step = { place, type: of, input: textOf(details.input), attempts: [], ...ids, ...failure };
      steps.set(key, step);
      stepOf[id] = step;
      continue;
    }
    const step = steps.get(key);
    if (!step) continue;
    stepOf[id] = step;
    step.place = place;
    if (type.endsWith('StateExited')) {
      step.output = textOf(details.output) ?? '';
      step.error = step.cause = undefined;
      step.ended = id;
    } else if (isScheduled(type)) {
      const sent = textOf(details.parameters ?? details.input);
      step.attempts.push({ sent, begun: id, ended: Number.POSITIVE_INFINITY });
      step.error = step.cause = undefined;
      step.ended = Number.POSITIVE_INFINITY;
    } else takeEnd(step, event, details);
  }
  return [...steps.values()];
}

/** A state that breaks on its data has no event of its own: what it fails follows its last one. */
function failUnderWay(step: WayStep | undefined, id: number, details: Record<string, unknown>): void {
  if (!step || step.ended < Number.POSITIVE_INFINITY) return;
  step.error = textOf(details.error) ?? '';
  step.cause = textOf(details.cause);
  step.ended = id;
}

function takeEnd(step: WayStep, { id, type }: HistoryEvent, details: Record<string, unknown>): void {
  const attempt = step.attempts.at(-1);
  if (/(Failed|TimedOut)$/.test(type) && !/^Map(Iteration|State)|^Parallel/.test(type)) {
    const failure = { error: textOf(details.error) ?? '', cause: textOf(details.cause), ended: id };
    Object.assign(step, failure);
    if (attempt) Object.assign(attempt, failure);
  } else if (/^(MapState|ParallelState)Failed$/.test(type)) {
    step.error ??= textOf(details.error) ?? '';
    step.cause ??= textOf(details.cause);
    step.ended = id;
  } else if (attempt && /^(Task|LambdaFunction|Activity)Succeeded$/.test(type)) {
    attempt.output = textOf(details.output);
    attempt.ended = id;
  }
}

export type StepStanding = 'same' | 'changed' | 'new' | 'notReached';

export interface WayDifference extends DataDifference {
  /** Undefined for the end of the whole execution. */
  place?: Place;
  what: 'input' | 'type' | 'sent' | 'result' | 'output' | 'error' | 'cause' | 'way' | 'status';
  /** Of a state that only the new way entered: the one that the old way entered there. */
  instead?: Place;
  /** Of `way`: only one of the ways reached it, or left it; absent: both did, and tried it another number of times. */
  reached?: 'new' | 'notReached' | 'notLeft';
}

export interface ComparedStep {
  place: Place;
  type: string;
  standing: StepStanding;
  difference?: WayDifference;
  /** As it was then, and as it is now. */
  before?: WayStep;
  after?: WayStep;
}

export interface ComparedWays {
  /** In the order of the new way; what only the old one reached stands at the end. */
  steps: ComparedStep[];
  /** Where the ways part first. */
  first?: WayDifference;
}

/** Of one event. */
interface Noticed {
  at: number;
  difference: WayDifference;
}

/** @param options `underWay`: the new way is not through, so that what it has not reached says nothing */
export function compareWays(
  before: readonly WayStep[],
  after: readonly WayStep[],
  volatile: Volatile,
  { underWay = false }: { underWay?: boolean } = {},
): ComparedWays {
  const known = new Map(before.map((step) => [visitKey(step.place), step]));
  const noticed: Noticed[] = [];
  const steps = after.map((step): ComparedStep => {
    const then = known.get(visitKey(step.place));
    known.delete(visitKey(step.place));
    const { place, type } = step;
    const found: Noticed | undefined = then
      ? stepDifference(then, step, volatile, underWay)
      : {
          at: step.entered,
          difference: {
            place,
            what: 'way',
            path: '$',
            reached: 'new',
            instead: insteadOf(before, after, step),
          },
        };
    if (found) noticed.push(found);
    const standing = !then ? 'new' : found ? 'changed' : 'same';
    return { place, type, standing, difference: found?.difference, before: then, after: step };
  });
  for (const step of known.values()) {
    const { place, type } = step;
    const difference: WayDifference = { place, what: 'way', path: '$', reached: 'notReached' };
    steps.push({ place, type, standing: 'notReached', difference, before: step });
    if (!underWay) noticed.push({ at: Number.POSITIVE_INFINITY, difference });
  }
  // A container is through after what is inside of it; the sort is stable.
  const [first] = noticed.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
  return { steps, first: first?.difference };
}

/** What the old way entered after the state from which the new one came here. */
function insteadOf(before: readonly WayStep[], after: readonly WayStep[], here: WayStep): Place | undefined {
  const from = after.find(({ ended }) => ended === here.follows);
  const then = from && before.find(({ place }) => visitKey(place) === visitKey(from.place));
  return then && before.find(({ follows }) => follows === then.ended)?.place;
}

/** The first thing in which two visits of a state differ, in the order in which they happen. */
function stepDifference(
  before: WayStep,
  after: WayStep,
  volatile: Volatile,
  underWay: boolean,
): Noticed | undefined {
  const { place } = after;
  const data = (
    what: WayDifference['what'],
    at: number,
    one: string | undefined,
    other: string | undefined,
  ): Noticed | undefined => {
    const found = dataDifference(one, other, volatile);
    return found && { at, difference: { place, what, ...found } };
  };
  const word = (
    what: 'type' | 'error',
    at: number,
    one: string | undefined,
    other: string | undefined,
  ): Noticed | undefined =>
    one === other ? undefined : { at, difference: { place, what, path: '$', before: one, after: other } };
  /** The place of a visit is that of its last attempt. */
  const during = (attempt: number, found: Noticed | undefined): Noticed | undefined =>
    found && { ...found, difference: { ...found.difference, place: { ...place, attempt } } };
  // One that broke on its data before it was tried has its error to show.
  const broke = before.attempts.length === 0 || after.attempts.length === 0;
  const tried = (at: number): Noticed | undefined =>
    (broke && word('error', at, before.error, after.error)) ||
    during(0, { at, difference: { place, what: 'way', path: '$' } });
  const entered = during(
    0,
    data('input', after.entered, before.input, after.input) ??
      word('type', after.entered, before.type, after.type),
  );
  if (entered) return entered;
  for (const [index, attempt] of after.attempts.entries()) {
    const then = before.attempts[index];
    if (!then) return tried(attempt.begun);
    const found =
      data('sent', attempt.begun, then.sent, attempt.sent) ??
      data('result', attempt.ended, then.output, attempt.output) ??
      word('error', attempt.ended, then.error, attempt.error);
    if (found) return during(index + 1, found);
  }
  if (before.attempts.length > after.attempts.length) return tried(after.ended);
  if (!isEnded(after) || !isEnded(before)) {
    const same = underWay || isEnded(after) === isEnded(before);
    return same
      ? undefined
      : { at: after.ended, difference: { place, what: 'way', path: '$', reached: 'notLeft' } };
  }
  return (
    word('error', after.ended, before.error, after.error) ??
    data('output', after.ended, before.output || undefined, after.output || undefined)
  );
}

const isEnded = ({ ended }: WayStep): boolean => ended < Number.POSITIVE_INFINITY;

/** How two executions ended. */
export interface WayEnd {
  status: string;
  output?: string;
  error?: string;
  cause?: string;
}

export function endDifference(before: WayEnd, after: WayEnd, volatile: Volatile): WayDifference | undefined {
  for (const what of ['status', 'error'] as const)
    if (before[what] !== after[what]) return { what, path: '$', before: before[what], after: after[what] };
  const output = dataDifference(before.output, after.output, volatile);
  if (output) return { what: 'output', ...output };
  const cause = dataDifference(withoutIds(before.cause), withoutIds(after.cause), volatile);
  return cause && { what: 'cause', ...cause };
}

/** The same place may have another number in another history. */
const withoutIds = (cause: string | undefined): string | undefined =>
  cause?.replace(/\(entered at the event id #\d+\)/g, '');
