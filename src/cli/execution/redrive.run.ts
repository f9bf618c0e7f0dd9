import { type ExitCode, exitCodes } from '../../errors.js';
import type { RedrivePlan } from '../../operations/execution/plan-redrive.js';
import { planRedrive, refuseUnredrivable } from '../../operations/execution/plan-redrive.js';
import { redrivePlanDocument, redrivePlanLines } from '../../views/execution/redrive-plan.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { watchExecutions } from '../watch/watch.run.js';
import { type Done, eachExecution, failureDocument } from './each-execution.js';
import { namesOf, pickExecutions } from './pick-executions.js';
import type { declaration } from './redrive.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const target = await context.connect({ changes: options.plan !== true });
  const arns = await pickExecutions(target, [executions ?? []].flat(), options, {
    statuses: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    now: context.clock.now(),
    example: 'mbc-flow redrive @last --plan',
  });
  if (options.plan === true || context.dryRun) return await plan(context, target, arns);
  return await redriveAll(context, target, arns, options.follow === true);
};

async function plan(context: Context, target: Target, arns: string[]): Promise<ExitCode> {
  const documents: object[] = [];
  const tell = (done: Done<RedrivePlan>): void => {
    if ('error' in done) {
      documents.push(failureDocument(done.executionArn, done.error));
      context.err.notice(`${done.executionArn}: ${oneLine(done.error.message)}`);
    } else {
      documents.push(redrivePlanDocument(done.result));
      for (const line of redrivePlanLines(done.result, context.clock.now(), context.terminal.color)) {
        context.out.line(line);
      }
    }
    if (context.output === 'ndjson') context.out.json(documents.at(-1));
  };
  const print = (): void => {
    if (context.output === 'json') context.out.json({ plans: documents });
  };
  const act = (arn: string) => planRedrive(target.gateways.states, arn);
  const code = await eachExecution(context, arns, act, tell, print);
  print();
  return code;
}

async function redriveAll(
  context: Context,
  target: Target,
  arns: string[],
  follow: boolean,
): Promise<ExitCode> {
  const { states } = target.gateways;
  const only = arns.length === 1 ? arns[0] : undefined;
  if (only !== undefined) refuseUnredrivable(await planRedrive(states, only), target.flagsForHints);
  const change = `redrive ${only === undefined ? `${arns.length} executions: ` : ''}${namesOf(arns)}`;
  await target.confirm(change, { ask: true, several: arns.length > 1 });
  const documents: object[] = [];
  const redriven: string[] = [];
  let since = Number.POSITIVE_INFINITY;
  const print = (): void => {
    if (context.output === 'json') context.out.json({ executions: documents });
  };
  const code = await eachExecution(
    context,
    arns,
    (arn) => states.redriveExecution(arn),
    (done) => {
      const { executionArn } = done;
      if ('error' in done) {
        documents.push(failureDocument(executionArn, done.error));
        context.err.notice(`${executionArn}: ${oneLine(done.error.message)}`);
      } else {
        const { redriveDate } = done.result;
        redriven.push(executionArn);
        since = Math.min(since, redriveDate.getTime());
        documents.push({ executionArn, redriveDate: redriveDate.toISOString() });
        if (!follow) context.out.line(`redriven ${executionArn}`);
      }
      if (context.output === 'ndjson' && !follow) context.out.json(documents.at(-1));
    },
    print,
  );
  if (follow && redriven.length > 0) {
    const outcome = await watchExecutions(context, target, redriven, { since });
    return outcome === exitCodes.ok ? code : outcome;
  }
  print();
  return code;
}
