import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { choiceText } from '../definition/choice-text.js';

/** What executions of a machine have taken of its definition. */
export interface Taken {
  states: Set<string>;
  /** Of transitionKey. */
  transitions: Set<string>;
  /** `retry 0 Validate` */
  clauses: Set<string>;
}

export const transitionKey = (from: string, to: string): string => `${from.length} ${from} ${to}`;

export const createTaken = (): Taken => ({ states: new Set(), transitions: new Set(), clauses: new Set() });

export type CoverageKind = 'state' | 'transition' | 'rule' | 'retry' | 'catch';
export const coverageKinds = ['state', 'transition', 'rule', 'retry', 'catch'] as const;

/** One thing of a definition that executions can take. */
export interface Coverable {
  kind: CoverageKind;
  stateName: string;
  /** Of a transition. */
  to?: string;
  /** Of a rule, a retrier or a catcher, from 0; absent for the default of a Choice. */
  index?: number;
  /** `$.n > 3`, `States.Timeout` */
  text: string;
  /** A catcher's and a retrier's errors. */
  errors?: string[];
  taken: boolean;
}

/** All that can be taken of a definition, in its order, and whether it was. */
export function coverageOf(definition: Json, taken: readonly Taken[]): Coverable[] {
  const was = (kind: keyof Taken, key: string): boolean => taken.some((one) => one[kind].has(key));
  return [...coverables(definition)].map((one) => {
    const { kind, stateName, to = '', index = 0 } = one;
    const clause = kind === 'rule' && one.index === undefined ? 'default' : kind;
    const isTaken =
      kind === 'state'
        ? was('states', stateName)
        : kind === 'transition'
          ? was('transitions', transitionKey(stateName, to))
          : was('clauses', `${clause} ${index} ${stateName}`);
    return { ...one, taken: isTaken };
  });
}

function* coverables(workflow: Json | undefined): Generator<Omit<Coverable, 'taken'>> {
  if (!isObject(workflow) || !isObject(workflow.States)) return;
  for (const [stateName, state] of Object.entries(workflow.States)) {
    if (!isObject(state)) continue;
    yield { kind: 'state', stateName, text: stateName };
    yield* transitionsOf(stateName, state);
    yield* clausesOf(stateName, state);
    for (const branch of Array.isArray(state.Branches) ? state.Branches : []) yield* coverables(branch);
    yield* coverables(state.ItemProcessor ?? state.Iterator);
  }
}

function* transitionsOf(stateName: string, state: JsonObject): Generator<Omit<Coverable, 'taken'>> {
  const targets = [
    ...listed(state.Choices).map(({ Next }) => Next),
    state.Type === 'Choice' ? state.Default : state.Next,
    ...listed(state.Catch).map(({ Next }) => Next),
  ].filter((to) => typeof to === 'string');
  for (const to of new Set(targets))
    yield { kind: 'transition', stateName, to, text: `${stateName} → ${to}` };
}

function* clausesOf(stateName: string, state: JsonObject): Generator<Omit<Coverable, 'taken'>> {
  const of = (kind: CoverageKind, index: number, text: string, errors?: string[]) => ({
    kind,
    stateName,
    index,
    text: `${stateName}: ${text}`,
    errors,
  });
  if (state.Type === 'Choice') {
    for (const [index, rule] of listed(state.Choices).entries()) yield of('rule', index, choiceText(rule));
    if (state.Default !== undefined) yield { kind: 'rule', stateName, text: `${stateName}: default` };
  }
  for (const kind of ['retry', 'catch'] as const)
    for (const [index, clause] of listed(kind === 'retry' ? state.Retry : state.Catch).entries()) {
      // A retrier that never tries again only keeps errors from those after it.
      if (kind === 'retry' && clause.MaxAttempts === 0) continue;
      const errors = Array.isArray(clause.ErrorEquals) ? clause.ErrorEquals.map(String) : [];
      yield of(kind, index, `${kind} ${errors.join(', ')}`, errors);
    }
}

const listed = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((one) => isObject(one)) : [];

export interface Share {
  taken: number;
  total: number;
}

export const shareOf = (all: readonly Coverable[], kind?: CoverageKind): Share => {
  const meant = kind === undefined ? all : all.filter((one) => one.kind === kind);
  return { taken: meant.filter(({ taken }) => taken).length, total: meant.length };
};

/** Of nothing, all is taken. */
export const percentOf = ({ taken, total }: Share): number => (total === 0 ? 100 : (100 * taken) / total);
