import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { createStateNamer } from '../history/event-filter.js';

/**
 * Which call of a state an event belongs to: two executions that went the same way have the same places, whatever
 * their ids and times.
 */
export interface Place {
  stateName: string;
  /** Of the Maps around the state, the outermost first. */
  iterations: readonly number[];
  /** How often the state was entered in these iterations, this time included. */
  visit: number;
  /** How often the state's work was begun in this visit; 0 before it was. */
  attempt: number;
}

/** `Validate[3] #2`, for people: visit and attempt only where they are not the first. */
export const placeText = ({ stateName, iterations, visit, attempt }: Place): string =>
  [
    stateName + iterations.map((index) => `[${index}]`).join(''),
    ...(visit > 1 ? [`visit ${visit}`] : []),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
  ].join(', ');

/** Of the visit. */
export const visitKey = ({ stateName, iterations, visit }: Place): string =>
  JSON.stringify([stateName, iterations, visit]);

/** Of the attempt. */
export const attemptKey = (place: Place): string => JSON.stringify([visitKey(place), place.attempt]);

export const isScheduled = (type: string): boolean =>
  type.endsWith('Scheduled')
    ? /^(Task|LambdaFunction|Activity)/.test(type)
    : type === 'MapRunStarted' || type === 'MapRunRedriven';

/** Tells the place of each event: call it in ascending order. Undefined for events of the execution itself. */
export function createPlaces(): (event: HistoryEvent) => Place | undefined {
  const nameOf = createStateNamer();
  const tallies = new Map<string, Pick<Place, 'visit' | 'attempt'>>();
  return (event) => {
    const { stateName, iterations = [] } = nameOf(event);
    if (stateName === undefined) return undefined;
    const scope = `${iterations.join()} ${stateName}`;
    const tally = tallies.get(scope) ?? { visit: 0, attempt: 0 };
    tallies.set(scope, tally);
    if (event.type.endsWith('StateEntered')) {
      tally.visit++;
      tally.attempt = 0;
    } else if (isScheduled(event.type)) tally.attempt++;
    return { stateName, iterations, ...tally };
  };
}
