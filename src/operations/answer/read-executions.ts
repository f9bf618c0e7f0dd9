import type { ExecutionSummary } from '../../ports/aws.js';
import { keepable } from '../../workflow/answer/paused-steps.js';
import type { Pauses } from '../../workflow/definition/pauses.js';
import { allRequestIds } from '../../workflow/names/request-id.js';
import { sideBySide } from '../pace/concurrently.js';
import type { PausedSearch, RememberedExecution, RememberedMachine } from './find-paused.js';
import { type PausedTask, type ReadExecution, readPaused } from './read-paused.js';

/** Histories that are read at the same time; the limiter holds them to AWS's pace. */
const AT_ONCE = 8;

export interface Candidate {
  execution: ExecutionSummary;
  machine: ScannedMachine;
  known?: RememberedExecution;
}
export interface ScannedMachine {
  stateMachineArn: string;
  pauses: Pauses;
  remembered: RememberedMachine;
  /** What is remembered from now on. */
  renewed: Record<string, RememberedExecution>;
}

/** Reads executions, and notes in their machines what is to be remembered of them. */
export async function readAll(
  search: PausedSearch,
  candidates: Candidate[],
): Promise<{ tasks: PausedTask[]; read: ReadExecution[] }> {
  const tasks: PausedTask[] = [];
  const all: ReadExecution[] = [];
  const progress = { read: 0, total: candidates.length };
  await sideBySide(candidates, AT_ONCE, async ({ execution, machine }) => {
    search.signal.throwIfAborted();
    for await (const read of withChildren(search, execution, machine.pauses)) {
      for (const task of read.tasks) tasks.push(task);
      all.push(read);
      if (read.execution === execution) remember(machine, read);
    }
    progress.read++;
    search.onProgress(progress);
  });
  return { tasks, read: all };
}

/** The execution, and the children that run in its map runs where those may pause. */
async function* withChildren(
  search: PausedSearch,
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

function remember({ remembered, renewed }: ScannedMachine, read: ReadExecution): void {
  const { execution, input } = read;
  // What is in it may change without its input known: it is read again each time.
  if (input === undefined || !read.running || read.mapRunArns.length > 0) return;
  const before = remembered.executions[execution.executionArn];
  renewed[execution.executionArn] = {
    startDate: execution.startDate.getTime(),
    redriveCount: execution.redriveCount ?? 0,
    requestIds: keepable([...new Set([...(before?.requestIds ?? []), ...idsOf(read)])]),
  };
}

/** Request ids of an execution's input, and of all that is paused in it. */
export const idsOf = ({ input, tasks }: ReadExecution): string[] => [
  ...allRequestIds(input),
  ...tasks.flatMap(({ requestIds }) => requestIds),
];
