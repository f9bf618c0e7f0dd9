import { exitCodes, FlowError } from '../../errors.js';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { createModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { type Rerun, whatRunsAgain } from '../../workflow/history/redrive-plan.js';
import { executionParts } from '../../workflow/names/arn.js';
import { parentOfChild } from './parent-of-child.js';

/** What a redrive would do, and whether AWS would take it. */
export interface RedrivePlan {
  executionArn: string;
  name: string;
  status: ExecutionDescription['status'];
  redrivable: boolean;
  /** AWS's own reason why not. */
  reason?: string;
  /** Of a map run's child: the execution that is redriven for it. */
  parent?: string;
  redriveCount: number;
  /** Until when it may be redriven; undefined while it runs. */
  until?: Date;
  /** The machine has another definition now: a redrive keeps the old one. */
  definitionChanged: boolean;
  runsAgain: Rerun[];
  /** Actions that the caller's role needs, and on what. */
  permissions: { action: string; resource: string }[];
}

/** AWS keeps a closed execution redrivable for so long. */
const redrivablePeriod = 14 * 86_400_000;

export async function planRedrive(
  states: Pick<
    StepFunctionsGateway,
    | 'describeExecution'
    | 'describeMapRun'
    | 'describeStateMachine'
    | 'describeStateMachineForExecution'
    | 'historyPages'
  >,
  executionArn: string,
): Promise<RedrivePlan> {
  const execution = await states.describeExecution(executionArn);
  const { status, redriveStatus, redriveStatusReason, redriveCount = 0, stopDate, name } = execution;
  const model = createModel();
  for await (const page of states.historyPages(executionArn)) applyEvents(model, page);
  const [then, now] = await Promise.all([
    states.describeStateMachineForExecution(executionArn),
    execution.mapRunArn === undefined ? currentDefinition(states, execution.stateMachineArn) : undefined,
  ]);
  const mapRuns = model.mapRuns.filter((run) => run.status !== 'SUCCEEDED');
  return {
    executionArn,
    name,
    status,
    redrivable: redriveStatus === 'REDRIVABLE',
    reason: redriveStatusReason,
    parent: await parentOfChild(states, execution),
    redriveCount,
    until: stopDate && new Date(stopDate.getTime() + redrivablePeriod),
    definitionChanged: now !== undefined && now !== then.definition,
    runsAgain: whatRunsAgain(model),
    permissions: [
      { action: 'states:RedriveExecution', resource: executionArn },
      ...mapRuns.map(() => ({ action: 'states:RedriveExecution', resource: childrenOf(executionArn) })),
    ],
  };
}

/** Undefined when the machine is gone. */
async function currentDefinition(
  states: Pick<StepFunctionsGateway, 'describeStateMachine'>,
  stateMachineArn: string,
): Promise<string | undefined> {
  try {
    return (await states.describeStateMachine(stateMachineArn)).definition;
  } catch (error) {
    if ((error as FlowError).exitCode === exitCodes.notFound) return undefined;
    throw error;
  }
}

const childrenOf = (executionArn: string): string =>
  `${(executionParts(executionArn).stateMachineArn ?? '').replace(':stateMachine:', ':execution:')}/*`;

/** @throws FlowError 5 when AWS would not take it, with AWS's reason */
export function refuseUnredrivable(plan: RedrivePlan, flagsForHints: string): void {
  if (plan.redrivable) return;
  throw new FlowError(
    exitCodes.conflict,
    'ExecutionNotRedrivable',
    `${plan.name} can't be redriven: ${plan.reason ?? `its status is ${plan.status}`}`,
    {
      where: plan.executionArn,
      hint: `mbc-flow ${plan.parent === undefined ? `rerun ${plan.executionArn}` : `redrive ${plan.parent}`}${flagsForHints}`,
    },
  );
}
