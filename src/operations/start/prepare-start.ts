import type { Evaluate } from '../../asl/engine/map-item.js';
import type { FlowError } from '../../errors.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { machineName } from '../../workflow/names/arn.js';
import type { CheckedMachine } from '../../workflow/trial/input-check.js';
import { checkFor, describeToStart, misfitError, refuseLargeInput } from './check-input.js';
import { refuseBadName } from './execution-name.js';
import { formerExecution, type Start, type Started } from './start-execution.js';

export interface StartPlan {
  /** The one of this name and input that is there. */
  former?: Started;
  /** It can't be followed: the call that starts it answers when it has ended. */
  express: boolean;
  /** It would fail at once, and is to be started all the same. */
  warning?: FlowError;
}

/**
 * Looks at what is going to be started, before anything is.
 * @param start `where` its input comes from, for people; `again`: the name may have been given before; `check`: what of
 * an input that would fail at once; `machine`: the one that it would be, where it is not there yet
 * @throws FlowError 2 for an input that is too large, or that would fail at once; 5 when the name has another input
 */
export async function prepareStart(
  start: Start & {
    where: string;
    again: boolean;
    check: 'refuse' | 'warn' | 'skip';
    machine?: CheckedMachine;
  },
  around: {
    states: Pick<StepFunctionsGateway, 'describeStateMachine' | 'describeExecution'>;
    evaluate: Evaluate;
    clock: { now(): number };
  },
): Promise<StartPlan> {
  const { stateMachineArn, input, where, again, check } = start;
  refuseBadName(start.name);
  refuseLargeInput(input, where);
  const machine = start.machine ?? (await describeToStart(around.states, stateMachineArn));
  const express = machine?.type === 'EXPRESS';
  const former = again && !express ? await formerExecution(around.states, start) : undefined;
  if (former || check === 'skip') return { former, express };
  const misfit = await checkFor(stateMachineArn, machine, around.evaluate)(start, around.clock.now());
  const warning = misfit && misfitError(misfit, machineName(stateMachineArn), where);
  if (warning && check === 'refuse') throw warning;
  return { express, warning };
}
