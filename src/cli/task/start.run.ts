import { exitCodes, FlowError } from '../../errors.js';
import { openSource, streamSource } from '../../files/open-source.js';
import { refuseFile } from '../../files/result-file.js';
import { type BatchPlan, planBatch } from '../../operations/task/plan-batch.js';
import { type ItemList, readItems } from '../../operations/task/read-items.js';
import { findUnfinished } from '../../operations/task/rerun-batch.js';
import { problemLines } from '../../views/import/check.js';
import { planDocument, planLines, planSummary } from '../../views/task/batch.js';
import { machineName } from '../../workflow/names/arn.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { batchOrder, surroundings } from './batch-order.js';
import { runPlan } from './run-batch.js';
import type { declaration, StartOptions } from './start.js';

export const run: Run<typeof declaration> = async (context, [path], options) => {
  const { rerun, results } = options;
  refuseBadUsage(path, rerun);
  if (results !== undefined) {
    const others = path === undefined || path === '-' ? [] : [path];
    await refuseFile(context.cwd, { flag: '--results', what: 'the results' }, results, others);
  }
  const list = path === undefined ? undefined : await readList(context, path, options);
  const target = await context.connect({ changes: true });
  const plan = list
    ? await planList(context, target, list, options)
    : await planRerun(context, target, rerun ?? '', options);
  if (!plan) return exitCodes.ok;
  if (context.dryRun) {
    context.err.notice(`Would run on ${await target.describe()}; nothing was changed.`);
    context.out.document(planDocument(plan), [planSummary(plan), ...planLines(plan)]);
    return exitCodes.ok;
  }
  const { entry } = plan;
  const verb = plan.goesOn ? 'go on with' : 'run';
  await target.confirm(
    `${verb} ${planSummary(plan)} of ${machineName(entry.stateMachineArn)}, ${entry.batch}`,
  );
  for (const line of planLines(plan)) context.err.verbose(line.trim());
  const { parallel: atOnce, stopOnFailure = false, detach = false } = options;
  return await runPlan(context, target, plan, { atOnce, stopOnFailure, detach }, results);
};

function refuseBadUsage(path: string | undefined, rerun: string | undefined): void {
  const refuse = (where: string, message: string, hint?: string): never => {
    throw new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
  };
  if (path === undefined && rerun === undefined)
    refuse('[items]', 'no items to run were specified', 'mbc-flow task start items.json');
  if (path !== undefined && rerun !== undefined)
    refuse(
      '--rerun',
      'the items of an earlier batch are already known',
      `mbc-flow task start --rerun ${shellWord(rerun)}`,
    );
}

async function readList(
  { cwd, stdin, err }: Context,
  path: string,
  { encoding, delimiter }: Pick<StartOptions, 'encoding' | 'delimiter'>,
): Promise<ItemList> {
  const source = path === '-' ? streamSource(stdin, 'stdin') : await openSource(cwd, path);
  const list = await readItems(source, { encoding, delimiter });
  if (list.report) for (const line of problemLines(path, list.report, 'warning')) err.notice(line);
  return list;
}

async function planList(
  context: Context,
  target: Target,
  list: ItemList,
  options: StartOptions,
): Promise<BatchPlan> {
  const { machine } = options;
  const stateMachineArn = await target.machineArn(machine);
  const order = { ...batchOrder(target, options), stateMachineArn, ofFramework: machine === 'task' };
  return await planBatch(list, { ...order, records: false }, surroundings(context, target));
}

/** The batch of what did not succeed in a former one, or in an execution; undefined where all of it did. */
async function planRerun(
  context: Context,
  target: Target,
  reference: string,
  options: StartOptions,
): Promise<BatchPlan | undefined> {
  const around = surroundings(context, target);
  const { list, of, indexes, stateMachineArn, records } = await findUnfinished(reference, around);
  if (list.items.length === 0) {
    context.err.notice(`Every item of ${of} succeeded; nothing to run again.`);
    context.out.document({ rerunOf: of, items: { total: 0, succeeded: 0, failed: 0, notRun: 0 } });
    return undefined;
  }
  const order = { ...batchOrder(target, options), stateMachineArn, ofFramework: true, records };
  return await planBatch(list, { ...order, rerun: { of, indexes } }, around);
}
