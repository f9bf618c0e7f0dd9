import { type ExitCode, exitCodes } from '../../errors.js';
import { planRedrive, refuseUnredrivable } from '../../operations/execution/plan-redrive.js';
import { redrivePlanDocument, redrivePlanLines } from '../../views/execution/redrive-plan.js';
import { namesOf, redrivenDocument } from '../../views/execution/stop-redrive-documents.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { watchExecutions } from '../watch/watch.run.js';
import { actOnEach } from './each-execution.js';
import { picked } from './pick-executions.js';
import type { declaration } from './redrive.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const target = await context.connect({ changes: !options.plan });
  const arns = await picked(context, target, executions, options, {
    statuses: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    example: 'mbc-flow redrive @last --plan',
  });
  if (options.plan || context.dryRun) return await plan(context, target, arns);
  return await redriveAll(context, target, arns, options.follow ?? false);
};

async function plan(context: Context, target: Target, arns: string[]): Promise<ExitCode> {
  const planOne = (arn: string) => planRedrive(target.gateways.states, arn);
  const { code } = await actOnEach(context, arns, planOne, {
    name: 'plans',
    document: (_, plan) => redrivePlanDocument(plan),
    lines: (_, plan) =>
      redrivePlanLines(plan, context.clock.now(), context.terminal.color, target.flagsForHints),
  });
  return code;
}

async function redriveAll(
  context: Context,
  target: Target,
  arns: string[],
  follow: boolean,
): Promise<ExitCode> {
  const { states } = target.gateways;
  const [only, another] = arns;
  const several = another !== undefined;
  if (only !== undefined && !several)
    refuseUnredrivable(await planRedrive(states, only), target.flagsForHints);
  const change = `redrive ${several ? `${arns.length} executions: ` : ''}${namesOf(arns)}`;
  await target.confirm(change, { ask: true, several });
  const redrive = (arn: string) => states.redriveExecution(arn);
  const { code, results } = await actOnEach(context, arns, redrive, {
    name: 'executions',
    document: redrivenDocument,
    lines: (executionArn) => [`redriven ${executionArn}`],
    held: follow,
  });
  if (!follow || results.length === 0) return code;
  const since = Math.min(...results.map(({ result }) => result.redriveDate.getTime()));
  const redriven = results.map(({ executionArn }) => executionArn);
  const outcome = await watchExecutions(context, target, redriven, { since });
  return outcome === exitCodes.ok ? code : outcome;
}
