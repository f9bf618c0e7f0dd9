import { exitCodes, FlowError } from '../../errors.js';
import type { RunningVersion, StuckChain } from '../../framework/command/chain.js';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { readPauses } from '../../workflow/definition/pauses.js';
import { type Preparation, type PreparedAnswer, prepareAnswer } from './prepare-answer.js';
import { readPaused } from './read-paused.js';
import { type Answering, sendAnswer } from './send-answer.js';
import type { CommandExecution } from './stuck-commands.js';

export interface ChainWork {
  states: StepFunctionsGateway;
  signal: AbortSignal;
  clock: { now(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
  /** After each version, in order. */
  onVersion(done: VersionDone): void;
}
export interface VersionDone {
  version: number;
  executionArn: string;
  /** Of the execution; RUNNING where it waits again. */
  status: string;
  /** We answered it; else its predecessor had woken it already. */
  answered: boolean;
  error?: string;
  cause?: string;
}

/**
 * Resumes the versions of a stuck chain, the oldest first, each followed to its end before the next: a version that
 * finishes wakes the next one itself where its wake-up is not lost. Ends at the first that does not succeed; returns
 * true when all did.
 */
export async function resumeChain(
  { versions }: StuckChain<CommandExecution>,
  work: ChainWork,
  preparation: Omit<Preparation, 'states'>,
  answering: Answering,
): Promise<boolean> {
  for (const one of versions) {
    work.signal.throwIfAborted();
    const answered = await resumeVersion(one, work, preparation, answering);
    const { status, error, cause } = await followed(one, work);
    const { executionArn } = one.of.execution;
    work.onVersion({ version: one.command.version, executionArn, status, answered, error, cause });
    if (status !== 'SUCCEEDED') return false;
  }
  return true;
}

async function resumeVersion(
  { of: { execution, task } }: RunningVersion<CommandExecution>,
  { states, clock }: ChainWork,
  preparation: Omit<Preparation, 'states'>,
  answering: Answering,
): Promise<boolean> {
  const pauses = readPauses(await preparation.definitions.of(execution));
  const now = await readPaused(states, execution, pauses, clock.now());
  const waits = now?.tasks.find(({ scheduledId }) => scheduledId === task?.scheduledId);
  if (!waits) return false;
  try {
    const ready: PreparedAnswer = await prepareAnswer(waits, { ...preparation, states });
    await sendAnswer(ready, answering);
    return true;
  } catch (error) {
    // Its predecessor was faster: that is as good.
    if (error instanceof FlowError && error.exitCode === exitCodes.conflict) return false;
    throw error;
  }
}

/** Waits for the end of an execution, or until it waits for another answer. */
async function followed(
  { of: { execution, task } }: RunningVersion<CommandExecution>,
  { states, clock, pollMilliseconds, signal }: ChainWork,
): Promise<ExecutionDescription> {
  for (;;) {
    const description = await states.describeExecution(execution.executionArn);
    if (description.status !== 'RUNNING') return description;
    const read = await readPaused(states, execution, { topLevel: new Set() }, clock.now());
    if (read?.tasks.some(({ scheduledId }) => scheduledId !== task?.scheduledId)) return description;
    await clock.sleep(pollMilliseconds, signal);
  }
}

/** Stops the versions of a chain, the oldest first. */
export async function stopChain(
  { versions }: StuckChain<CommandExecution>,
  work: ChainWork,
  why: { error?: string; cause?: string },
): Promise<void> {
  for (const { command, of } of versions) {
    work.signal.throwIfAborted();
    const { executionArn } = of.execution;
    await work.states.stopExecution(executionArn, why);
    const { status } = await work.states.describeExecution(executionArn);
    work.onVersion({ version: command.version, executionArn, status, answered: false });
  }
}
