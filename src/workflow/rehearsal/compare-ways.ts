import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { createPlaces, isScheduled, type Place, visitKey } from './place.js';
import { type DataDifference, dataDifference, type Volatile } from './same-data.js';

/** One visit of a state. Data is JSON text; undefined where it is not known or there was none. */
export interface WayStep {
  place: Place;
  type: string;
  input?: string;
  output?: string;
  /** What each attempt sent, and how it ended. */
  attempts: { sent?: string; output?: string; error?: string; cause?: string }[];
  /** The visit ended so, where it did not end with an output. */
  error?: string;
}

/** The way of an execution, a visit each, in the order in which the states were entered. */
export function wayOf(events: readonly HistoryEvent[]): WayStep[] {
  const steps = new Map<string, WayStep>();
  const placeOf = createPlaces();
  for (const event of events) {
    const place = placeOf(event);
    if (!place) continue;
    const details = detailsOf(event);
    const key = visitKey(place);
    if (event.type.endsWith('StateEntered')) {
      const type = event.type.replace('StateEntered', '');
      const failure = type === 'Fail' ? { error: 'Fail' } : {};
      steps.set(key, { place, type, input: textOf(details.input), attempts: [], ...failure });
      continue;
    }
    const step = steps.get(key);
    if (!step) continue;
    step.place = place;
    if (event.type.endsWith('StateExited')) {
      step.output = textOf(details.output);
      step.error = undefined;
    } else if (isScheduled(event.type)) {
      step.attempts.push({ sent: textOf(details.parameters ?? details.input) });
    } else takeEnd(step, event.type, details);
  }
  return [...steps.values()];
}

function takeEnd(step: WayStep, type: string, details: Record<string, unknown>): void {
  const attempt = step.attempts.at(-1);
  if (/(Failed|TimedOut)$/.test(type) && !/^Map(Iteration|State)|^Parallel/.test(type)) {
    const error = textOf(details.error) ?? '';
    step.error = error;
    if (attempt) Object.assign(attempt, { error, cause: textOf(details.cause) });
  } else if (/^(MapState|ParallelState)Failed$/.test(type)) step.error ??= '';
  else if (attempt && /^(Task|LambdaFunction|Activity)Succeeded$/.test(type))
    attempt.output = textOf(details.output);
}

export type StepStanding = 'same' | 'changed' | 'new' | 'notReached';

export interface WayDifference extends DataDifference {
  place: Place;
  what: 'input' | 'sent' | 'result' | 'output' | 'error' | 'way';
}

export interface ComparedStep {
  place: Place;
  type: string;
  standing: StepStanding;
  difference?: WayDifference;
}

export interface ComparedWays {
  /** In the order of the new way; what only the old one reached stands at the end. */
  steps: ComparedStep[];
  /** Where the ways part first. */
  first?: WayDifference;
}

export function compareWays(
  before: readonly WayStep[],
  after: readonly WayStep[],
  volatile: Volatile,
): ComparedWays {
  const known = new Map(before.map((step) => [visitKey(step.place), step]));
  const steps = after.map((step): ComparedStep => {
    const then = known.get(visitKey(step.place));
    known.delete(visitKey(step.place));
    const { place, type } = step;
    if (!then) return { place, type, standing: 'new', difference: { place, what: 'way', path: '$' } };
    const difference = stepDifference(then, step, volatile);
    return { place, type, standing: difference ? 'changed' : 'same', difference };
  });
  for (const { place, type } of known.values())
    steps.push({ place, type, standing: 'notReached', difference: { place, what: 'way', path: '$' } });
  return { steps, first: steps.find(({ standing }) => standing !== 'same')?.difference };
}

/** The first thing in which two visits of a state differ, in the order in which they happen. */
function stepDifference(before: WayStep, after: WayStep, volatile: Volatile): WayDifference | undefined {
  const { place } = after;
  const data = (
    what: WayDifference['what'],
    one: string | undefined,
    other: string | undefined,
  ): WayDifference | undefined => {
    const found = dataDifference(one, other, volatile);
    return found && { place, what, ...found };
  };
  const input = data('input', before.input, after.input);
  if (input) return input;
  for (const [index, attempt] of after.attempts.entries()) {
    const then = before.attempts[index];
    if (!then) return { place, what: 'way', path: '$' };
    const found =
      data('sent', then.sent, attempt.sent) ??
      data('result', then.output, attempt.output) ??
      errorDifference(place, then.error, attempt.error);
    if (found) return found;
  }
  if (before.attempts.length > after.attempts.length) return { place, what: 'way', path: '$' };
  return data('output', before.output, after.output) ?? errorDifference(place, before.error, after.error);
}

const errorDifference = (
  place: Place,
  before: string | undefined,
  after: string | undefined,
): WayDifference | undefined =>
  before === after ? undefined : { place, what: 'error', path: '$', before, after };
