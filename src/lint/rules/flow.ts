import type { Place } from '../../asl/validate/diagnostic.js';
import { isTerminal, reachable, transitionsOf } from '../../asl/validate/graph.js';
import { isObject, type JsonObject } from '../../json/json.js';
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
      const stuck = [...reachable(states, workflow.StartAt)].filter((name) => isStuck(states, name));
      const [first] = stuck;
      if (first !== undefined)
        report(
          [...place, 'States', first],
          `no terminal state can be reached from '${first}': ${stuck.join(', ')}`,
        );
    }
  },
};

/** All that can follow leads on and on. (A target that is missing is another fault.) */
function isStuck(states: JsonObject, name: string): boolean {
  return [...reachable(states, name)].every((other) => {
    const state = states[other];
    if (!isObject(state) || isTerminal(state)) return false;
    const ways = transitionsOf(state, []);
    return ways.length > 0 && ways.every(({ target }) => Object.hasOwn(states, target));
  });
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
