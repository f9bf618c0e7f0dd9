import type { ExecutionSummary } from '../../ports/aws.js';
import { type Pauses, readPauses } from '../../workflow/definition/pauses.js';
import type { RememberedExecution } from '../find/execution-memory.js';
import { sideBySide } from '../pace/concurrently.js';
import { allowedAmong } from '../pace/unless-denied.js';
import type { PausedSearch } from './paused-search.js';
import { type Candidate, readAll, type ScannedExecution, type ScannedMachine } from './read-executions.js';
import type { PausedTask } from './read-paused.js';
import { noteSleep } from './sleeping-executions.js';

export interface PausedScan {
  /** Oldest first. */
  tasks: PausedTask[];
  /** Executions that were read, paused or not. */
  read: ScannedExecution[];
  /** Every RUNNING execution of the machines looked at. */
  running: ExecutionSummary[];
  /** All request ids known of them, for near misses. */
  requestIds: ReadonlySet<string>;
  /** Executions that were RUNNING when last looked at and are not any more, with their request ids. */
  gone: { executionArn: string; requestIds: string[] }[];
  machines: { stateMachineArn: string; pauses: Pauses }[];
}

/** Machines that are read at the same time; the limiter holds them to AWS's pace. */
const AT_ONCE = 8;

/**
 * Finds paused steps from the histories of RUNNING executions alone: of machines whose definition has a step that
 * waits, and of the map runs in them. With `requestIds`, what is remembered spares calls; where it leads to nothing
 * for one of them, the executions that it spared are read after all.
 */
export async function findPaused(search: PausedSearch): Promise<PausedScan> {
  if (search.executionArn !== undefined) return await lookInto(search, search.executionArn);
  const machines = await scannedMachines(search);
  const candidates: Candidate[] = [];
  const listed = allowedAmong();
  for (const machine of machines)
    await listed.read(async () => {
      const { stateMachineArn, remembered } = machine;
      for await (const execution of search.states.listExecutions({ stateMachineArn, status: 'RUNNING' })) {
        const known = remembered.executions[execution.executionArn];
        candidates.push({ execution, machine, known: isSame(known, execution) ? known : undefined });
      }
    });
  listed.check();
  const wanted = search.requestIds;
  const spared =
    wanted && !search.deep ? candidates.filter(({ known }) => known && !concerns(known, wanted)) : [];
  const sleeping = wanted || search.deep ? [] : await stillAsleep(search, candidates);
  const scan = await readAll(search, without(candidates, [...spared, ...sleeping]));
  if (scan.logged > 0) search.onLogged?.(scan.logged);
  const missing = [...(wanted ?? [])].filter((id) => !scan.read.some((read) => read.requestIds.includes(id)));
  if (spared.length > 0 && missing.length > 0) {
    const rest = await readAll(search, spared);
    scan.tasks = scan.tasks.concat(rest.tasks);
    scan.read = scan.read.concat(rest.read);
  }
  for (const { execution, machine, known } of candidates)
    if (known) machine.renewed[execution.executionArn] ??= known;
  for (const { stateMachineArn, pauses, remembered, renewed, description, sleepers = [] } of machines) {
    if (description) await noteSleep(search.states, description, sleepers, renewed);
    const executions = renewed;
    await search.memory.save(stateMachineArn, { ...remembered, pauses: mayPause(pauses), executions });
  }
  return {
    tasks: scan.tasks.sort((a, b) => a.since - b.since),
    read: scan.read,
    running: candidates.map(({ execution }) => execution),
    requestIds: new Set(
      machines.flatMap(({ renewed }) => Object.values(renewed).flatMap(({ requestIds }) => requestIds)),
    ),
    gone: machines.flatMap(({ remembered, renewed }) =>
      Object.entries(remembered.executions).flatMap(([executionArn, { requestIds }]) =>
        renewed[executionArn] ? [] : [{ executionArn, requestIds }],
      ),
    ),
    machines,
  };
}

/** One execution, running or not. @throws FlowError 3 when there is none */
async function lookInto(search: PausedSearch, executionArn: string): Promise<PausedScan> {
  const { states } = search;
  const execution = await states.describeExecution(executionArn);
  const { stateMachineArn } = execution;
  const { definition } = await states.describeStateMachineForExecution(executionArn);
  const pauses = readPauses(definition);
  const machine = { stateMachineArn, pauses, remembered: { pauses: true, executions: {} }, renewed: {} };
  const { tasks, read } = await readAll(search, [{ execution, machine }]);
  const requestIds = new Set(read.flatMap(({ requestIds }) => requestIds));
  const machines = [{ stateMachineArn, pauses }];
  return { tasks, read, running: [execution], requestIds, gone: [], machines };
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
    const [machine, remembered] = await Promise.all([
      described.read(() => states.describeStateMachine(arn)),
      memory.load(arn),
    ]);
    if (!machine) return;
    const pauses = readPauses(machine.definition);
    // Executions that run may be of an older definition, which had a wait.
    if (!mayPause(pauses) && !remembered.pauses && !deep) return;
    const [description, sleepers] = [machine, []];
    found.set(arn, { stateMachineArn: arn, pauses, remembered, renewed: {}, description, sleepers });
  });
  described.check();
  return arns.flatMap((arn) => found.get(arn) ?? []);
}

/** Those that were seen to wait in a Wait state that has not ended: nothing in them can be paused yet. */
async function stillAsleep(search: PausedSearch, candidates: Candidate[]): Promise<Candidate[]> {
  const sleeping = candidates.filter(({ known }) => known?.asleepUntil !== undefined);
  if (sleeping.length === 0 || !search.serverNow) return [];
  const now = await search.serverNow();
  return sleeping.filter(({ known }) => (known?.asleepUntil ?? 0) > now);
}

const mayPause = ({ here, inMapRuns }: Pauses): boolean => here || inMapRuns;

/** What is remembered is of this execution, not of one that had its name before, or before it was redriven. */
export const isSame = (
  known: RememberedExecution | undefined,
  { startDate, redriveCount = 0 }: ExecutionSummary,
): boolean => known?.startDate === startDate.getTime() && known.redriveCount === redriveCount;

const concerns = ({ requestIds }: RememberedExecution, wanted: ReadonlySet<string>): boolean =>
  requestIds.some((id) => wanted.has(id));

function without<T>(all: T[], some: T[]): T[] {
  const left = new Set(some);
  return all.filter((item) => !left.has(item));
}
