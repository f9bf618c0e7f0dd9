import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, failedWith } from '../../errors.js';
import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import { openWork, type PausedStep } from '../../workflow/answer/paused-steps.js';
import type { Pauses } from '../../workflow/definition/pauses.js';
import { reachesBackEnough, recentHistory } from '../../workflow/history/recent-history.js';

/** A paused step and the execution that it is in. */
export interface PausedTask extends PausedStep {
  execution: ExecutionSummary;
  /** JSON text. */
  executionInput: string;
}

export interface ReadExecution {
  execution: ExecutionSummary;
  tasks: PausedTask[];
  /** Map runs that are under way in it. */
  mapRunArns: string[];
  /** Its innermost states at work. */
  stateNames: string[];
  running: boolean;
  /** JSON text; unknown for a long history with nothing paused in it. */
  input?: string;
  /** Ascending: the newest part of its history, as far as it was read. */
  events: HistoryEvent[];
}

type Reader = Pick<StepFunctionsGateway, 'historyPages' | 'describeExecution'>;

/**
 * Reads an execution from the end of its history, one call for nearly all. Undefined where there is none any more.
 */
export async function readPaused(
  states: Reader,
  execution: ExecutionSummary,
  { topLevel }: Pick<Pauses, 'topLevel'>,
  now: number,
): Promise<ReadExecution | undefined> {
  try {
    const newestFirst = await newestEvents(states, execution.executionArn, topLevel);
    const read = pausedIn(execution, newestFirst, topLevel, now);
    if (read.input !== undefined || read.tasks.length === 0) return read;
    const { input = '{}' } = await states.describeExecution(execution.executionArn);
    return pausedIn(execution, newestFirst, topLevel, now, input);
  } catch (error) {
    if (failedWith(error, exitCodes.notFound)) return undefined;
    throw error;
  }
}

/** The same of events that were read, the newest first. @param told its input, where they do not reach so far back */
export function pausedIn(
  execution: ExecutionSummary,
  newestFirst: HistoryEvent[],
  topLevel: ReadonlySet<string>,
  now: number,
  told?: string,
): ReadExecution {
  const history = recentHistory(newestFirst, topLevel);
  const input = history.input ?? told;
  const work = openWork(history, input, now);
  const tasks = work.steps.map((step) => ({ ...step, execution, executionInput: input ?? '{}' }));
  return { execution, ...work, tasks, input, events: history.read };
}

async function newestEvents(
  states: Reader,
  executionArn: string,
  topLevel: ReadonlySet<string>,
): Promise<HistoryEvent[]> {
  const newestFirst: HistoryEvent[] = [];
  for await (const page of states.historyPages(executionArn, { reverse: true, tokens: true })) {
    for (const event of page) newestFirst.push(event);
    if (reachesBackEnough(newestFirst, topLevel)) break;
  }
  return newestFirst;
}
