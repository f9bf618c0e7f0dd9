import type { Findings } from './findings.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { add } from './validate-fields.js';

/** Every target exists, every state is reachable, and there is a way to end. */
export function validateGraph(findings: Findings, workflow: JsonObject, at: string): void {
  const states = isObject(workflow.States) ? workflow.States : {};
  const missing = (target: Json | undefined, location: string): void => {
    if (typeof target === 'string' && !Object.hasOwn(states, target))
      add(findings, `Missing 'Next' target: ${target}`, location, 'MISSING_TRANSITION_TARGET');
  };
  missing(workflow.StartAt, `${at}/StartAt`);
  let ends = false;
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    for (const [target, field] of targetsOf(state)) missing(target, `${at}/States/${name}/${field}`);
    ends ||= state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
  }
  if (!ends) {
    add(findings, 'Workflow has no terminal state', `${at}/States`, 'MISSING_END_STATE');
    return;
  }
  const reached = reachable(states, workflow.StartAt);
  for (const name of Object.keys(states))
    if (!reached.has(name))
      add(findings, `State "${name}" is not reachable.`, `${at}/States/${name}`, 'MISSING_TRANSITION_TARGET');
}

function targetsOf(state: JsonObject): [target: Json | undefined, field: string][] {
  const targets: [Json | undefined, string][] = [
    [state.Next, 'Next'],
    [state.Type === 'Choice' ? state.Default : undefined, 'Default'],
  ];
  for (const field of ['Choices', 'Catch']) {
    const rules = state[field];
    if (Array.isArray(rules))
      rules.forEach((rule, index) => {
        if (isObject(rule)) targets.push([rule.Next, `${field}[${index}]/Next`]);
      });
  }
  return targets;
}

function reachable(states: JsonObject, start: Json | undefined): Set<string> {
  const reached = new Set<string>();
  const open: (Json | undefined)[] = [start];
  while (open.length > 0) {
    const name = open.pop();
    const state = typeof name === 'string' && Object.hasOwn(states, name) ? states[name] : undefined;
    if (typeof name !== 'string' || !isObject(state) || reached.has(name)) continue;
    reached.add(name);
    for (const [target] of targetsOf(state)) open.push(target);
  }
  return reached;
}
