import { type ExitCode, exitCodes } from '../../errors.js';
import type { RedrivePlan } from '../../operations/execution/plan-redrive.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Command, Context, Target } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { watchExecutions } from '../watch/watch.js';
import { type Done, eachExecution, failureDocument } from './each-execution.js';
import { namesOf, pickExecutions, pickOptions } from './pick-executions.js';

export const redrive: Command = {
  name: 'redrive',
  changes: true,
  summary: 'Continue failed executions where they failed',
  description:
    'With their own input and the definition of their start; what succeeded is not done again. AWS takes it for 14 days after the end. For a changed definition or input: rerun.',
  arguments: [{ syntax: '[execution...]', description: executionReference }],
  options: [
    { flags: '--plan', description: 'only tell whether it can be, and what would run again' },
    { flags: '--failed', description: 'with --machine: FAILED, TIMED_OUT and ABORTED ones (the default)' },
    ...pickOptions,
    { flags: '--follow', description: 'follow to the end; the outcome decides the exit code' },
  ],
  examples: [
    { line: 'mbc-flow redrive @last --plan', what: 'what would happen' },
    { line: 'mbc-flow redrive @last --follow', what: 'go on where it failed, and stay until the end' },
    { line: 'mbc-flow redrive --machine command --failed --since 1d', what: "all of yesterday's failures" },
  ],
  async run(context, [executions], options) {
    const target = await context.connect({ changes: options.plan !== true });
    const arns = await pickExecutions(target, [executions ?? []].flat(), options, {
      statuses: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      now: context.clock.now(),
      example: 'mbc-flow redrive @last --plan',
    });
    if (options.plan === true || context.dryRun) return await plan(context, target, arns);
    return await redriveAll(context, target, arns, options.follow === true);
  },
};

async function plan(context: Context, target: Target, arns: string[]): Promise<ExitCode> {
  const { planRedrive } = await import('../../operations/execution/plan-redrive.js');
  const { redrivePlanDocument, redrivePlanLines } = await import('../../views/execution/redrive-plan.js');
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
  const { planRedrive, refuseUnredrivable } = await import('../../operations/execution/plan-redrive.js');
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
