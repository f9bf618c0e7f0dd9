import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { type CommandVersion, commandVersion } from '../../framework/command/version-chain.js';
import type { ExecutionSummary } from '../../ports/aws.js';
import type { Pauses } from '../../workflow/definition/pauses.js';
import { allRequestIds } from '../../workflow/names/request-id.js';
import type { KnownExecutions } from '../find/known-executions.js';
import { type DefinedMachine, sleepIn } from '../find/sleep-in-history.js';
import { sideBySide } from '../pace/concurrently.js';
import type { PausedSearch } from './paused-search.js';
import { FEWEST_LOGGED, readLogged } from './read-logged.js';
import { type PausedTask, pausedIn, type ReadExecution, readPaused } from './read-paused.js';

/** Histories that are read at the same time; the limiter holds them to AWS's pace. */
const AT_ONCE = 8;

export interface Candidate {
  execution: ExecutionSummary;
  machine: ScannedMachine;
}
/** As it is today, or as the one execution runs it that is searched. */
export interface ScannedMachine extends DefinedMachine {
  stateMachineArn: string;
  known: KnownExecutions;
}

/** What a search keeps of an execution that it has read: with thousands of them, neither inputs nor histories. */
export interface ScannedExecution {
  execution: ExecutionSummary;
  tasks: PausedTask[];
  running: boolean;
  /** Its innermost states at work. */
  stateNames: string[];
  /** Those of its input, and of all that is paused in it. */
  requestIds: string[];
  command?: CommandVersion;
  /** Ascending; only for whoever asks why a request is not there. */
  events: HistoryEvent[];
}

/** Reads executions, and notes what is learned of them for good. */
export async function readAll(
  search: Omit<PausedSearch, 'memory'>,
  candidates: Candidate[],
): Promise<{ tasks: PausedTask[]; read: ScannedExecution[]; logged: number }> {
  const tasks: PausedTask[] = [];
  const all: ScannedExecution[] = [];
  const progress = { read: 0, total: candidates.length };
  const take = (machine: ScannedMachine, read: ReadExecution, own: boolean): void => {
    for (const task of read.tasks) tasks.push(task);
    const scanned = scannedOf(search, read);
    if (own) learn(machine, read, scanned);
    all.push(scanned);
  };
  const seen = (): void => {
    progress.read++;
    search.onProgress(progress);
  };
  const logged = new Set<ExecutionSummary>();
  for (const [machine, executions] of await byLog(search, candidates)) {
    const { topLevel } = machine.pauses;
    for await (const { execution, newestFirst } of executions) {
      search.signal.throwIfAborted();
      logged.add(execution);
      take(machine, pausedIn(execution, newestFirst, topLevel, search.now()), true);
      seen();
    }
  }
  const left = candidates.filter(({ execution }) => !logged.has(execution));
  await sideBySide(left, AT_ONCE, async ({ execution, machine }) => {
    search.signal.throwIfAborted();
    for await (const read of withChildren(search, execution, machine.pauses))
      take(machine, read, read.execution === execution);
    seen();
  });
  return { tasks, read: all, logged: logged.size };
}

function scannedOf(
  search: Pick<PausedSearch, 'executionArn' | 'requestIds'>,
  read: ReadExecution,
): ScannedExecution {
  const { execution, tasks, running, stateNames, input } = read;
  const requestIds = [...allRequestIds(input), ...tasks.flatMap((task) => task.requestIds)];
  const explains = search.executionArn !== undefined || requestIds.some((id) => search.requestIds?.has(id));
  const events = explains ? read.events : [];
  return { execution, tasks, running, stateNames, requestIds, command: commandVersion(input), events };
}

/** What the logs tell of the machines whose executions have no map runs that may pause. */
async function byLog(
  { logs, now, serverNow }: Pick<PausedSearch, 'logs' | 'now' | 'serverNow'>,
  candidates: Candidate[],
) {
  const machines = new Map<ScannedMachine, ExecutionSummary[]>();
  for (const { machine, execution } of candidates) {
    if (!logs || machine.pauses.inMapRuns) continue;
    const executions = machines.get(machine);
    if (executions) executions.push(execution);
    else machines.set(machine, [execution]);
  }
  const many = [...machines].filter(([, executions]) => executions.length >= FEWEST_LOGGED);
  const at = many.length === 0 ? 0 : ((await serverNow?.()) ?? now());
  return many.flatMap(([machine, executions]) =>
    logs ? [[machine, readLogged(logs, machine.description, executions, at)] as const] : [],
  );
}

/** The execution, and the children that run in its map runs where those may pause. */
async function* withChildren(
  search: Pick<PausedSearch, 'states' | 'now'>,
  execution: ExecutionSummary,
  pauses: Pauses,
): AsyncGenerator<ReadExecution> {
  const { states, now } = search;
  const read = await readPaused(states, execution, pauses, now());
  if (!read) return;
  yield read;
  if (!pauses.inMapRuns) return;
  for (const mapRunArn of read.mapRunArns)
    for await (const child of states.listExecutions({ mapRunArn, status: 'RUNNING' }))
      yield* withChildren(search, child, pauses);
}

function learn(
  machine: ScannedMachine,
  { execution, input, running, tasks, mapRunArns, events }: ReadExecution,
  { command }: ScannedExecution,
): void {
  const { known } = machine;
  if (input !== undefined) known.noteInput(execution, allRequestIds(input));
  // What is in it may change without its input known: it is read again each time.
  if (input === undefined || !running || mapRunArns.length > 0) return;
  const requestIds = [...new Set(tasks.flatMap((task) => task.requestIds))];
  // A chain of commands is told by those that run, asleep or not.
  const asleep = command ? undefined : sleepIn(events, machine);
  known.noteSteps(execution, { requestIds, asleep });
}
