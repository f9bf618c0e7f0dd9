import type { Place } from '../../asl/validate/diagnostic.js';
import { isTerminal, reachable, transitionsOf } from '../../asl/validate/graph.js';
import { isObject, type JsonObject } from '../../json/json.js';
import { type LintMachine, statesOf } from '../machine.js';
import type { Rule } from '../rule.js';

const endless: Rule = {
  code: 'MF011',
  title: 'A loop without a way out',
  severity: 'warning',
  why: 'From these states no end can be reached. A STANDARD execution goes round until its 25,000 events are used up, and fails then.',
  instead: 'A Choice that leaves the loop after a number of rounds.',
  check(machine, report) {
    for (const [workflow, place] of workflowsOf(machine)) {
      const states = isObject(workflow.States) ? workflow.States : {};
      const stuck = [...reachable(states, workflow.StartAt)].filter((name) => isStuck(states, name));
      const [first] = stuck;
      if (first !== undefined)
        report([...place, 'States', first], `from '${first}' on, no state can end: ${stuck.join(', ')}`);
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

const foreign: Rule = {
  code: 'MF021',
  title: 'A Resource that is no ARN',
  severity: 'warning',
  why: 'The language asks for a URI; AWS has workers behind ARNs alone.',
  instead: '"Resource": "arn:aws:states:::lambda:invoke"',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (state.Type === 'Task' && typeof state.Resource === 'string' && !state.Resource.startsWith('arn:'))
        report([...place, 'Resource'], `the Resource of '${name}' is no ARN: AWS has nobody to do it`);
  },
};

export const flow = [endless, foreign];
