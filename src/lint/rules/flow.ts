import type { Place } from '../../asl/validate/diagnostic.js';
import { isTerminal, reachable, transitionsOf } from '../../asl/validate/graph.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type LintMachine, statesOf } from '../machine.js';
import type { Rule } from '../rule.js';

const endless: Rule = {
  code: 'MF011',
  title: 'Endless loop',
  severity: 'warning',
  why: 'No terminal state can be reached from these states. A STANDARD execution loops until it reaches the limit of 25,000 events, and then fails.',
  instead: 'Add a Choice that leaves the loop after a number of iterations.',
  check(machine, report) {
    for (const [workflow, place] of workflowsOf(machine)) {
      const states = isObject(workflow.States) ? workflow.States : {};
      const stuck = stuckStates(states, workflow.StartAt);
      const [first] = stuck;
      if (first !== undefined)
        report(
          [...place, 'States', first],
          `no terminal state can be reached from '${first}': ${stuck.join(', ')}`,
        );
    }
  },
};

/** States after which all leads on and on. (A target that is missing is another fault.) */
function stuckStates(states: JsonObject, start: Json | undefined): string[] {
  const reached = [...reachable(states, start)];
  const before = new Map<string, string[]>();
  const leaving: string[] = [];
  for (const name of reached) {
    const state = states[name];
    if (!isObject(state)) continue;
    const ways = transitionsOf(state, []);
    const goesOn = ways.length > 0 && ways.every(({ target }) => Object.hasOwn(states, target));
    if (isTerminal(state) || !goesOn) leaving.push(name);
    for (const { target } of ways) {
      const known = before.get(target);
      if (known) known.push(name);
      else before.set(target, [name]);
    }
  }
  const free = new Set<string>();
  for (let name = leaving.pop(); name !== undefined; name = leaving.pop()) {
    if (free.has(name)) continue;
    free.add(name);
    for (const earlier of before.get(name) ?? []) leaving.push(earlier);
  }
  return reached.filter((name) => !free.has(name));
}

function* workflowsOf(machine: LintMachine): Generator<[JsonObject, Place]> {
  yield [machine.definition, []];
  const seen = new Set<JsonObject>([machine.definition]);
  for (const { workflow, workflowPlace } of statesOf(machine)) {
    if (seen.has(workflow)) continue;
    seen.add(workflow);
    yield [workflow, workflowPlace];
  }
}

export const flow = [endless];
