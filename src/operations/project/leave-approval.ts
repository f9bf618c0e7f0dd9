import { exitCodes, FlowError } from '../../errors.js';
import { localAccount } from '../../framework/conventions.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { type FollowOptions, followExecution } from '../follow/follow-execution.js';

export interface SampleApproval {
  /** ARN of the state machine, where it is there already. */
  stateMachineArn?: string;
  name: string;
  /** ASL, JSON text; it waits for one decision. */
  definition: string;
  requestId: string;
}

/** The local server takes any role. */
const roleArn = `arn:aws:iam::${localAccount}:role/DummyRole`;

/** Starts an execution of a sample state machine and leaves it waiting for its approval. */
export async function leaveApproval(
  states: Pick<
    StepFunctionsGateway,
    'createStateMachine' | 'startExecution' | 'historyPages' | 'describeMapRun'
  >,
  { name, definition, requestId, ...found }: SampleApproval,
  around: Omit<FollowOptions, 'onUpdate'>,
): Promise<void> {
  const stateMachineArn =
    found.stateMachineArn ?? (await states.createStateMachine({ name, definition, roleArn }));
  const input = JSON.stringify({ requestId });
  const { executionArn } = await states.startExecution({ stateMachineArn, name: requestId, input });
  const paused = new AbortController();
  const { status } = await followExecution(states, executionArn, {
    ...around,
    signal: AbortSignal.any([around.signal, paused.signal]),
    onUpdate(_model, _mapRuns, events) {
      if (events.some(({ type }) => type === 'TaskSubmitted')) paused.abort();
    },
  });
  if (status !== 'RUNNING')
    throw new FlowError(
      exitCodes.failed,
      'NotPaused',
      `the sample approval ended instead of waiting: ${status}`,
      {
        where: executionArn,
        hint: `mbc-flow show ${executionArn}`,
      },
    );
}
