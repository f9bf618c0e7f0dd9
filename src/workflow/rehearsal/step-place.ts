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

const scheduled = new Set([
  ...['TaskScheduled', 'LambdaFunctionScheduled', 'ActivityScheduled', 'MapRunStarted', 'MapRunRedriven'],
]);

export const isScheduled = (type: string): boolean => scheduled.has(type);

/** Tells the place of each event: call it in ascending order. Undefined for events of the execution itself. */
export function createPlaces(): (event: HistoryEvent) => Place | undefined {
  const nameOf = createStateNamer();
  /** By iterations, and below that by state. */
  const scopes = new Map<string, Map<string, Place>>();
  const outside = new Map<string, Place>();
  const scopeOf = (iterations: readonly number[]): Map<string, Place> => {
    if (iterations.length === 0) return outside;
    const key = iterations.join();
    const scope = scopes.get(key) ?? new Map<string, Place>();
    if (scope.size === 0) scopes.set(key, scope);
    return scope;
  };
  return (event) => {
    const { stateName, iterations = [] } = nameOf(event);
    if (stateName === undefined) return undefined;
    const scope = scopeOf(iterations);
    const last = scope.get(stateName);
    const enters = event.type.endsWith('StateEntered');
    const schedules = !enters && isScheduled(event.type);
    if (last && !enters && !schedules) return last;
    const { visit, attempt } = last ?? none;
    const place = enters
      ? { stateName, iterations, visit: visit + 1, attempt: 0 }
      : { stateName, iterations, visit, attempt: schedules ? attempt + 1 : attempt };
    scope.set(stateName, place);
    return place;
  };
}

const none = { visit: 0, attempt: 0 };
