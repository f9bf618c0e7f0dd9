import type { JsonObject } from '../../json/json.js';
import { type DefinedState, definedStates } from './definition-states.js';

/** What a definition says about where its executions may pause. */
export interface Pauses {
  /** A state of the execution itself waits for an answer from outside. */
  here: boolean;
  /** So does one inside a Distributed Map: the children of its map runs pause, as executions of their own. */
  inMapRuns: boolean;
  /** Names of the states of the top level (of a map run's children too): they run one after the other. */
  topLevel: ReadonlySet<string>;
}

export function readPauses(definition: string): Pauses {
  const states = definedStates(definition);
  const waiting = states.filter(({ state }) => waits(state));
  return {
    here: waiting.some(({ scope }) => !scope.distributed),
    inMapRuns: waiting.some(({ scope }) => scope.distributed),
    topLevel: new Set(states.filter(({ scope }) => scope.topLevel).map(({ name }) => name)),
  };
}

function waits({ Type: type, Resource: resource }: JsonObject): boolean {
  if (type !== 'Task' || typeof resource !== 'string') return false;
  return resource.endsWith('.waitForTaskToken') || isActivity(resource);
}

const isActivity = (resource: string): boolean => /^arn:[^:]*:states:[^:]*:[^:]*:activity:/.test(resource);

/** The state of that name, wherever it stands: names are unique in a machine. */
export const findState = (definition: string, name: string): DefinedState | undefined =>
  definedStates(definition).find((state) => state.name === name);
