import type { ExecutionSummary } from '../../ports/aws.js';
import { type Pauses, readPauses } from '../../workflow/definition/pauses.js';
import { executionArnOf } from '../../workflow/names/arn.js';
import { knownExecutions } from '../find/known-executions.js';
import { sideBySide } from '../pace/concurrently.js';
import { allowedAmong } from '../pace/unless-denied.js';
import type { PausedSearch } from './paused-search.js';
import { type Candidate, readAll, type ScannedExecution, type ScannedMachine } from './read-executions.js';
import type { PausedTask } from './read-paused.js';
import { stillAsleep } from './sleeping-executions.js';

export interface PausedScan {
  /** Oldest first. */
  tasks: PausedTask[];
  /** Executions that were read, paused or not. */
  read: ScannedExecution[];
  /** Every RUNNING execution of the machines looked at. */
  running: ExecutionSummary[];
  /** All request ids known of them, for near misses. */
  requestIds: ReadonlySet<string>;
  /** ARN of the newest execution that is known to have had a request id, and does not run. */
  endedWith(requestId: string): string | undefined;
  machines: { stateMachineArn: string; pauses: Pauses }[];
}

/** Machines that are read at the same time; the limiter holds them to AWS's pace. */
const AT_ONCE = 8;

/**
 * Finds paused steps from the histories of RUNNING executions alone: of machines whose definition has a step that
 * waits, and of the map runs in them. With `requestIds`, what is known spares calls; where it leads to nothing for one
 * of them, the executions that it spared are read after all, but for those that are asleep.
 */
export async function findPaused(search: PausedSearch): Promise<PausedScan> {
  if (search.executionArn !== undefined) return await lookInto(search, search.executionArn);
  const machines = await scannedMachines(search);
  const candidates: Candidate[] = [];
  const listed = allowedAmong();
  for (const machine of machines)
    await listed.read(async () => {
      const { stateMachineArn } = machine;
      for await (const execution of search.states.listExecutions({ stateMachineArn, status: 'RUNNING' }))
        candidates.push({ execution, machine });
    });
  listed.check();
  const wanted = search.requestIds;
  const spared = wanted && !search.deep ? candidates.filter((one) => isAnothers(one, wanted)) : [];
  const sleeping = wanted || search.deep ? [] : await asleep(search, candidates);
  const scan = await readAll(search, without(candidates, [...spared, ...sleeping]));
  if (scan.logged > 0) search.onLogged?.(scan.logged);
  const missing = [...(wanted ?? [])].filter((id) => !scan.read.some((read) => read.requestIds.includes(id)));
  if (spared.length > 0 && missing.length > 0) {
    const rest = await readAll(search, without(spared, await asleep(search, spared)));
    scan.tasks = scan.tasks.concat(rest.tasks);
    scan.read = scan.read.concat(rest.read);
  }
  for (const machine of machines) {
    const { known, pauses } = machine;
    const runs = known.pauses() && candidates.some((candidate) => candidate.machine === machine);
    known.notePauses(mayPause(pauses) || runs);
    await known.save();
  }
  let ended: Map<string, string> | undefined;
  return {
    tasks: scan.tasks.sort((a, b) => a.since - b.since),
    read: scan.read,
    running: candidates.map(({ execution }) => execution),
    requestIds: new Set([
      ...candidates.flatMap(knownIds),
      ...scan.read.flatMap(({ requestIds }) => requestIds),
    ]),
    endedWith(requestId) {
      ended ??= endedByRequestId(machines, candidates);
      return ended.get(requestId);
    },
    machines,
  };
}

/** One execution, running or not. @throws FlowError 3 when there is none */
async function lookInto(search: PausedSearch, executionArn: string): Promise<PausedScan> {
  const { states, memory } = search;
  const execution = await states.describeExecution(executionArn);
  const { stateMachineArn } = execution;
  const description = await states.describeStateMachineForExecution(executionArn);
  const pauses = readPauses(description.definition);
  const known = await knownExecutions(memory, stateMachineArn);
  const machine = { stateMachineArn, pauses, known, description };
  const { tasks, read } = await readAll(search, [{ execution, machine }]);
  await known.save();
  const requestIds = new Set(read.flatMap(({ requestIds }) => requestIds));
  const machines = [{ stateMachineArn, pauses }];
  return { tasks, read, running: [execution], requestIds, endedWith: () => undefined, machines };
}

async function scannedMachines(search: PausedSearch): Promise<ScannedMachine[]> {
  const { states, memory, stateMachineArn, deep } = search;
  const arns: string[] = [];
  if (stateMachineArn !== undefined) arns.push(stateMachineArn);
  else
    for await (const machine of states.listStateMachines())
      if (machine.type === 'STANDARD') arns.push(machine.stateMachineArn);
  const found = new Map<string, ScannedMachine>();
  const described = allowedAmong();
  await sideBySide(arns, AT_ONCE, async (arn) => {
    const [description, known] = await Promise.all([
      described.read(() => states.describeStateMachine(arn)),
      knownExecutions(memory, arn),
    ]);
    if (!description) return;
    const pauses = readPauses(description.definition);
    // Executions that run may be of an older definition, which had a wait.
    if (!mayPause(pauses) && !known.pauses() && !deep) return;
    found.set(arn, { stateMachineArn: arn, pauses, known, description });
  });
  described.check();
  return arns.flatMap((arn) => found.get(arn) ?? []);
}

/** None where nobody tells the time that they wait for. */
const asleep = async ({ states, serverNow }: PausedSearch, candidates: Candidate[]): Promise<Candidate[]> =>
  serverNow ? await stillAsleep(states, candidates, serverNow) : [];

const mayPause = ({ here, inMapRuns }: Pauses): boolean => here || inMapRuns;

const knownIds = ({ execution, machine: { known } }: Candidate): string[] => [
  ...(known.inputIds(execution) ?? []),
  ...(known.steps(execution)?.requestIds ?? []),
];

/** It is known by other request ids than these: in its steps, or in its input where no child of it may have one. */
function isAnothers(candidate: Candidate, wanted: ReadonlySet<string>): boolean {
  const { execution, machine } = candidate;
  const ids = knownIds(candidate);
  const wasRead = machine.known.steps(execution) !== undefined;
  return (wasRead || (ids.length > 0 && !machine.pauses.inMapRuns)) && !ids.some((id) => wanted.has(id));
}

/** ARNs of the newest executions that are known to have had a request id, and do not run. */
function endedByRequestId(machines: ScannedMachine[], candidates: Candidate[]): Map<string, string> {
  const running = new Set(candidates.map(({ execution }) => execution.executionArn));
  const ended = new Map<string, string>();
  for (const { known, stateMachineArn } of machines)
    for (const { name, requestIds } of known.newestFirst()) {
      const executionArn = executionArnOf(stateMachineArn, name);
      if (running.has(executionArn)) continue;
      for (const id of requestIds) if (!ended.has(id)) ended.set(id, executionArn);
    }
  return ended;
}

function without<T>(all: T[], some: T[]): T[] {
  const left = new Set(some);
  return all.filter((item) => !left.has(item));
}
