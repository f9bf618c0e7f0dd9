import { exitCodes, FlowError } from '../../errors.js';
import { openSource, streamSource } from '../../files/open-source.js';
import { refuseFile } from '../../files/result-file.js';
import { checkOptions } from '../../operations/import/dialect-words.js';
import type { BatchPlan } from '../../operations/task/plan-batch.js';
import { planBatch } from '../../operations/task/plan-batch.js';
import type { ItemList } from '../../operations/task/read-items.js';
import { readItems } from '../../operations/task/read-items.js';
import { problemLines } from '../../views/import/check.js';
import { planDocument, planLines, planSummary } from '../../views/task/run.js';
import { machineName } from '../../workflow/names/arn.js';
import { textOf } from '../import/order.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { countOf } from '../shell/flag-values.js';
import type { Target } from '../shell/target.js';
import { batchOrder, planning } from './order.js';
import { planRerun } from './rerun.js';
import { runPlan } from './run.js';
import type { declaration } from './start.js';

export const run: Run<typeof declaration> = async (context, [file], options) => {
  const path = typeof file === 'string' ? file : undefined;
  const rerun = textOf(options, 'rerun');
  refuseBadUsage(path, rerun);
  const results = textOf(options, 'results');
  if (results !== undefined) await refuseBadFile(context, results, path);
  const list = path === undefined ? undefined : await readList(context, path, options);
  const target = await context.connect({ changes: true });
  const plan =
    list === undefined
      ? await planRerun(context, target, rerun ?? '', options)
      : await planList(context, target, list, options);
  if (!plan) return exitCodes.ok;
  if (context.dryRun) {
    context.err.notice(`Would run on ${await target.describe()}; nothing was changed.`);
    context.out.json(planDocument(plan));
    context.out.line(planSummary(plan));
    for (const line of planLines(plan)) context.out.line(line);
    return exitCodes.ok;
  }
  const { entry } = plan;
  const verb = plan.goesOn ? 'go on with' : 'run';
  await target.confirm(
    `${verb} ${planSummary(plan)} of ${machineName(entry.stateMachineArn)}, ${entry.batch}`,
  );
  if (context.output === 'text') for (const line of planLines(plan)) context.err.verbose(line.trim());
  return await runPlan(context, target, plan, {
    atOnce: countOf(options.parallel, '--parallel'),
    stopOnFailure: options.stopOnFailure === true,
    detach: options.detach === true,
    results,
  });
};

function refuseBadUsage(path: string | undefined, rerun: string | undefined): void {
  const refuse = (where: string, message: string, hint?: string): never => {
    throw new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
  };
  if (path === undefined && rerun === undefined)
    refuse('[items]', 'there are no items to run', 'mbc-flow task start <items.json>');
  if (path !== undefined && rerun !== undefined)
    refuse('--rerun', 'the items of a former batch are known', `mbc-flow task start --rerun ${rerun}`);
}

async function refuseBadFile({ cwd }: Context, results: string, path: string | undefined): Promise<void> {
  const others = path === undefined || path === '-' ? [] : [path];
  await refuseFile(cwd, { flag: '--results', what: 'the results' }, results, others);
}

async function readList(context: Context, path: string, options: Record<string, unknown>): Promise<ItemList> {
  const dialect = checkOptions({
    encoding: textOf(options, 'encoding'),
    delimiter: textOf(options, 'delimiter'),
  });
  const source = path === '-' ? streamSource(context.stdin, 'stdin') : await openSource(context.cwd, path);
  const list = await readItems(source, dialect);
  if (list.report) {
    for (const line of problemLines(path, list.report, 'warning')) context.err.notice(line);
  }
  return list;
}

async function planList(
  context: Context,
  target: Target,
  list: ItemList,
  options: Record<string, unknown>,
): Promise<BatchPlan> {
  const machine = String(options.machine);
  const order = await batchOrder(target, await target.machineArn(machine), machine === 'task', options);
  return await planBatch(list, order, planning(context, target));
}
