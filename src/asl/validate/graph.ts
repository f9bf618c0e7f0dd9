import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Context, report } from './context.js';
import type { Place } from './diagnostic.js';

/** A way out of a state, and the field that names it. */
export interface Transition {
  target: string;
  place: Place;
}

/** Every target exists, there is a way to end (AWS asks that only of the machine itself), every state is reachable. */
export function graph(context: Context, workflow: JsonObject, place: Place): void {
  const states = isObject(workflow.States) ? workflow.States : {};
  const missing = ({ target, place: where }: Transition): void => {
    if (!Object.hasOwn(states, target))
      report(context, where, `Missing 'Next' target: ${target}`, 'MISSING_TRANSITION_TARGET');
  };
  if (typeof workflow.StartAt === 'string')
    missing({ target: workflow.StartAt, place: [...place, 'StartAt'] });
  for (const [name, state] of Object.entries(states))
    if (isObject(state)) for (const way of transitionsOf(state, [...place, 'States', name])) missing(way);
  if (place.length === 0 && !Object.values(states).some(isTerminal)) {
    context.diagnostics.push({
      severity: 'ERROR',
      code: 'MISSING_END_STATE',
      message: 'Workflow has no terminal state',
      place: ['States'],
    });
    return;
  }
  const reached = reachable(states, workflow.StartAt);
  for (const name of Object.keys(states))
    if (!reached.has(name))
      report(
        context,
        [...place, 'States', name],
        `State "${name}" is not reachable.`,
        'MISSING_TRANSITION_TARGET',
      );
}

export function isTerminal(state: Json): boolean {
  return isObject(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail');
}

export function transitionsOf(state: JsonObject, place: Place): Transition[] {
  const found: Transition[] = [];
  const add = (target: Json | undefined, ...field: Place): void => {
    if (typeof target === 'string') found.push({ target, place: [...place, ...field] });
  };
  add(state.Next, 'Next');
  if (state.Type === 'Choice') add(state.Default, 'Default');
  for (const field of ['Choices', 'Catch']) {
    const rules = state[field];
    if (!Array.isArray(rules)) continue;
    for (const [index, rule] of rules.entries()) if (isObject(rule)) add(rule.Next, field, index, 'Next');
  }
  return found;
}

export function reachable(states: JsonObject, start: Json | undefined): Set<string> {
  const reached = new Set<string>();
  const open: string[] = typeof start === 'string' ? [start] : [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (!isObject(state) || reached.has(name)) continue;
    reached.add(name);
    for (const { target } of transitionsOf(state, [])) open.push(target);
  }
  return reached;
}
