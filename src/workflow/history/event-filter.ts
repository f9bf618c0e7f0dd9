import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from './event-details.js';
import { redactTokens } from './redact.js';

/** Which events are wanted; all of these must hold. */
export interface EventFilter {
  state?: string;
  /** Types or parts of them: `TaskFailed`, `StateEntered`. */
  types?: string[];
  /** Failures, timeouts and aborts only. */
  failed?: boolean;
  /** Epoch milliseconds. */
  since?: number;
}

/** Where an event belongs; without a name for those of the execution itself. */
export interface EventPlace {
  stateName?: string;
  /** Of the Maps around the state, the outermost first; from 0. */
  iterations?: readonly number[];
}

interface Belonging extends EventPlace {
  iterations: readonly number[];
  /** A branch or an iteration begins with it. */
  startsScope?: true;
}
export interface NamedEvent extends EventPlace {
  event: HistoryEvent;
}

const none: readonly number[] = [];

/** Tells the place of each event, which only few events name: call it in ascending order. */
export function createStateNamer(): (event: HistoryEvent) => EventPlace {
  /** By event id: most events belong where the one before them does. */
  const known: (Belonging | undefined)[] = [];
  /** How many Maps are around a Map. */
  const mapDepths = new Map<string, number>();
  const types = new Map<string, string>();
  const containers = new Map<string, string | undefined>();
  /** The Parallel or Map at or around a state. */
  const around = (from: string | undefined, type: string): string | undefined => {
    let name = from;
    for (let depth = 0; name !== undefined && types.get(name) !== type && depth < types.size; depth++)
      name = containers.get(name);
    return name;
  };
  const iterationsOf = (
    event: HistoryEvent,
    kind: TypeKind,
    before: readonly number[],
    name = '',
  ): readonly number[] => {
    if (kind.of === 'entered' && kind.stateType === 'Map') mapDepths.set(name, before.length);
    if (!kind.inMap) return before;
    const around = before.slice(0, mapDepths.get(name));
    if (kind.of !== 'iteration') return around;
    const { index } = detailsOf(event);
    return typeof index === 'number' ? [...around, index] : around;
  };
  const nameOf = (event: HistoryEvent, kind: TypeKind, last: Belonging): string | undefined => {
    const before = last.stateName;
    if (kind.of === 'entered') {
      const name = textOf(detailsOf(event).name) ?? '';
      types.set(name, kind.stateType);
      const outer = last.startsScope ? before : before && containers.get(before);
      if (outer !== name) containers.set(name, outer);
      return name;
    }
    if (kind.of === 'named' || kind.of === 'iteration') {
      const details = detailsOf(event);
      return textOf(details.name ?? details.state) ?? before;
    }
    return kind.of === 'contained' ? (around(before, kind.container) ?? before) : before;
  };
  /** The last state of each iteration, by its indexes. */
  const latest = new Map<string, string>();
  let aborted: { id: number; cause: number; iterations: readonly number[] } | undefined;
  /** AWS links what a failure aborts to that failure; whose it is tells the iteration that was aborted just before it. */
  const ofAborted = ({ id, type, previousEventId }: HistoryEvent): Belonging | undefined => {
    if (type !== 'TaskStateAborted' && type !== 'WaitStateAborted') return undefined;
    if (aborted?.id !== id - 1 || aborted.cause !== previousEventId) return undefined;
    const { iterations } = aborted;
    return { stateName: latest.get(iterations.join()), iterations };
  };
  return (event) => {
    const { id, type, previousEventId } = event;
    const kind = kindOf(type);
    const last = ofAborted(event) ?? known[previousEventId] ?? nowhere;
    let here = last;
    if (kind.of === 'execution') here = nowhere;
    else if (kind.of !== 'other' || last.startsScope) {
      const stateName = nameOf(event, kind, last);
      const iterations = iterationsOf(event, kind, last.iterations, stateName);
      if (kind.startsScope) here = { stateName, iterations, startsScope: true };
      else if (stateName !== last.stateName || iterations !== last.iterations || last.startsScope)
        here = { stateName, iterations };
    }
    if (kind.of === 'entered' && here.stateName !== undefined)
      latest.set(here.iterations.join(), here.stateName);
    if (type === 'MapIterationAborted') aborted = { id, cause: previousEventId, iterations: here.iterations };
    known[id] = here;
    return here;
  };
}

const nowhere: Belonging = { stateName: undefined, iterations: none };

/** What a type says of the place of its events. */
type TypeKind = { inMap: boolean; startsScope: boolean } & (
  | { of: 'execution' | 'named' | 'iteration' | 'other' }
  | { of: 'entered'; stateType: string }
  | { of: 'contained'; container: string }
);

const kinds = new Map<string, TypeKind>();

function kindOf(type: string): TypeKind {
  const known = kinds.get(type);
  if (known) return known;
  const startsScope = type === 'ParallelStateStarted' || type === 'MapIterationStarted';
  const kind = { inMap: /^Map(?:State|Iteration)/.test(type), startsScope, ...ofType(type) };
  // Types come from outside as well: there are some sixty.
  if (kinds.size < 1000) kinds.set(type, kind);
  return kind;
}

function ofType(type: string) {
  if (type.startsWith('Execution')) return { of: 'execution' } as const;
  if (type.endsWith('StateEntered'))
    return { of: 'entered', stateType: type.replace('StateEntered', '') } as const;
  if (type.startsWith('MapIteration')) return { of: 'iteration' } as const;
  if (type.endsWith('StateExited') || type === 'EvaluationFailed') return { of: 'named' } as const;
  const [, container] = /^(Parallel|Map)(?:State|Run)/.exec(type) ?? [];
  return container === undefined ? ({ of: 'other' } as const) : ({ of: 'contained', container } as const);
}

export const isFailure = (type: string): boolean =>
  /(Failed|TimedOut|Aborted)$|^FailStateEntered$/.test(type);

export function wanted({ event, stateName }: NamedEvent, filter: EventFilter): boolean {
  const { state, types, failed, since = Number.NEGATIVE_INFINITY } = filter;
  return (
    (state === undefined || stateName === state) &&
    (types === undefined || types.some((type) => event.type.toLowerCase().includes(type.toLowerCase()))) &&
    (!failed || isFailure(event.type)) &&
    !(event.timestamp < since)
  );
}

/** What of an event's details is payload, as opposed to what happened. */
const DATA = ['input', 'output', 'parameters', 'taskCredentials', 'assignedVariables'];

/** The same event with task tokens struck out, and without payloads when `data` is false. */
export function presentable(event: HistoryEvent, data: boolean): HistoryEvent {
  const bare = data ? event : withoutData(event);
  return JSON.parse(redactTokens(JSON.stringify(bare))) as HistoryEvent;
}

function withoutData(event: HistoryEvent): HistoryEvent {
  const entries = Object.entries(event).map(([key, value]) => {
    if (typeof value !== 'object' || value === null) return [key, value];
    const kept = Object.entries(value).filter(
      ([name]) => !DATA.includes(name) && !DATA.some((part) => name === `${part}Details`),
    );
    return [key, Object.fromEntries(kept)];
  });
  return Object.fromEntries(entries) as HistoryEvent;
}

/** The payloads of an event as text, by name, task tokens struck out. */
export function payloadsOf(event: HistoryEvent): [name: string, text: string][] {
  const details = detailsOf(event);
  return DATA.flatMap((name): [string, string][] => {
    const text = textOf(details[name]);
    return text === undefined ? [] : [[name, redactTokens(text)]];
  });
}
