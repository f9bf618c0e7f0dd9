import type { Json } from '../../src/json/json.js';

/**
 * Texts with names in braces are filled in on each side: {machine} the case's own, {bucket}, {role}, {function:NAME}
 * (an ARN), {name} (the beginning of all names), {child} a machine that an execution may start, {execution} the first
 * of the case, {account}, {region}.
 */
export interface ExecutionCase {
  id: string;
  definition: Json;
  type?: 'EXPRESS';
  /** JSON text, as it is sent. */
  input?: string;
  /** Stopped once it has come to its first state. */
  stop?: { error: string; cause: string };
  /** State transitions that it makes at the most, those of its children included. */
  transitions?: number;
}

export interface CallCase {
  id: string;
  /** A machine of its own, with an execution that has ended. */
  machine?: Json;
  calls: { operation: string; input: Json }[];
}

export type Case = ExecutionCase | CallCase;

export const machine = (States: { [name: string]: Json }, more: { [field: string]: Json } = {}): Json => ({
  ...more,
  StartAt: Object.keys(States)[0] ?? '',
  States,
});

/** A machine of one state. */
export const single = (state: { [field: string]: Json }, more: { [field: string]: Json } = {}): Json =>
  machine({ State: { ...state, End: true } }, more);

export const jsonata = { QueryLanguage: 'JSONata' };

/** A Task that calls a function of the kit. */
export const invoke = (name: string, payload: Json, more: { [field: string]: Json } = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: `{function:${name}}`, Payload: payload },
  ...more,
});

const NEEDS: [RegExp, 'function' | 'bucket' | 'child'][] = [
  [/\{function:/, 'function'],
  [/\{bucket\}/, 'bucket'],
  [/\{child\}/, 'child'],
];

/** What must be there for it. */
export function needsOf(one: Case): string[] {
  const text = JSON.stringify(one);
  return NEEDS.flatMap(([pattern, need]) => (pattern.test(text) ? [need] : []));
}
