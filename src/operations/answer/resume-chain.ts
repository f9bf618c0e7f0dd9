import { exitCodes, failedWith } from '../../errors.js';
import type { RunningVersion, StuckChain } from '../../framework/command/version-chain.js';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { readPauses } from '../../workflow/definition/pauses.js';
import { readPaused } from '../pending/read-paused.js';
import type { CommandExecution } from '../pending/stuck-commands.js';
import type { Answering } from './answer-context.js';
import { prepareAnswer } from './prepare-answer.js';
import { sendAnswer } from './send-answer.js';

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
 * finishes wakes the next one itself where its wake-up is not lost. Ends at the first that does not succeed.
 */
export async function* resumeChain(
  { versions }: StuckChain<CommandExecution>,
  answering: Answering,
): AsyncGenerator<VersionDone> {
  for (const one of versions) {
    answering.signal.throwIfAborted();
    const answered = await resumeVersion(one, answering);
    const { status, error, cause } = await followed(one, answering);
    const { executionArn } = one.of.execution;
    yield { version: one.command.version, executionArn, status, answered, error, cause };
    if (status !== 'SUCCEEDED') return;
  }
}

async function resumeVersion(
  { of: { execution, task } }: RunningVersion<CommandExecution>,
  answering: Answering,
): Promise<boolean> {
  const { states, clock, definitions } = answering;
  const pauses = readPauses(await definitions.of(execution));
  const now = await readPaused(states, execution, pauses, clock.now());
  const waits = now?.tasks.find(({ scheduledId }) => scheduledId === task?.scheduledId);
  if (!waits) return false;
  try {
    await sendAnswer(await prepareAnswer(waits, answering), answering);
    return true;
  } catch (error) {
    // Its predecessor was faster: that is as good.
    if (failedWith(error, exitCodes.conflict)) return false;
    throw error;
  }
}

/** Waits for the end of an execution, or until it waits for another answer. */
async function followed(
  { of: { execution, task } }: RunningVersion<CommandExecution>,
  { states, clock, pollMilliseconds, signal }: Answering,
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
export async function* stopChain(
  { versions }: StuckChain<CommandExecution>,
  states: Pick<StepFunctionsGateway, 'stopExecution' | 'describeExecution'>,
  why: { error?: string; cause?: string },
  signal: AbortSignal,
): AsyncGenerator<VersionDone> {
  for (const { command, of } of versions) {
    signal.throwIfAborted();
    const { executionArn } = of.execution;
    await states.stopExecution(executionArn, why);
    const { status } = await states.describeExecution(executionArn);
    yield { version: command.version, executionArn, status, answered: false };
  }
}
