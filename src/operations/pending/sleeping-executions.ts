import type { StepFunctionsGateway } from '../../ports/aws.js';
import { revisionOf } from '../../workflow/answer/sleeping-execution.js';
import { allowed } from '../pace/unless-denied.js';
import type { Candidate } from './read-executions.js';

type States = Pick<StepFunctionsGateway, 'describeStateMachineForExecution'>;

/** AWS tells an execution's own definition once a second only. */
const MOST_ASKED = 3;

/**
 * Those that do nothing but wait in a Wait state that has not ended: nothing in them can be paused yet.
 * @param serverNow the time where the executions are
 */
export async function stillAsleep(
  states: States,
  candidates: Candidate[],
  serverNow: () => Promise<number>,
): Promise<Candidate[]> {
  const sleepers = candidates.filter(({ execution, machine }) => machine.known.steps(execution)?.asleep);
  const now = sleepers.length === 0 ? 0 : await serverNow();
  const certain: Candidate[] = [];
  const groups = new Map<string, Candidate[]>();
  for (const candidate of sleepers) {
    const { execution, machine } = candidate;
    const asleep = machine.known.steps(execution)?.asleep;
    if (!asleep || asleep.until <= now) continue;
    if (asleep.by === undefined) certain.push(candidate);
    else {
      const key = [machine.stateMachineArn, execution.stateMachineVersionArn, asleep.by].join(' ');
      const group = groups.get(key);
      if (group) group.push(candidate);
      else groups.set(key, [candidate]);
    }
  }
  for (const group of groups.values())
    for (const one of await ofTheirRevision(states, group)) certain.push(one);
  return certain;
}

/**
 * What a Wait takes was told by some revision of the machine; what holds is the one that each execution runs. Where the
 * oldest and the newest run that one, so do all that were started between them.
 */
async function ofTheirRevision(states: States, group: Candidate[]): Promise<Candidate[]> {
  const inOrder = group.toSorted((a, b) => a.execution.startDate.getTime() - b.execution.startDate.getTime());
  const outer = async (at: 0 | -1): Promise<boolean> => {
    for (let asked = 0; asked < MOST_ASKED; asked++) {
      const one = inOrder.at(at);
      const runsIt = one && (await runsItsRevision(states, one));
      if (runsIt !== false) return runsIt === true;
      inOrder.splice(at, 1);
    }
    return false;
  };
  if (!(await outer(0)) || (inOrder.length > 1 && !(await outer(-1)))) return [];
  for (const { execution, machine } of inOrder) {
    const { asleep } = machine.known.steps(execution) ?? {};
    if (asleep) machine.known.noteSteps(execution, { requestIds: [], asleep: { until: asleep.until } });
  }
  return inOrder;
}

/** Undefined where the role may not ask. */
async function runsItsRevision(
  states: States,
  { execution, machine }: Candidate,
): Promise<boolean | undefined> {
  const own = await allowed(() => states.describeStateMachineForExecution(execution.executionArn));
  return own && revisionOf(own) === machine.known.steps(execution)?.asleep?.by;
}
