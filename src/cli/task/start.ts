import { exitCodes, FlowError } from '../../errors.js';
import type { BatchPlan } from '../../operations/task/plan-batch.js';
import type { ItemList } from '../../operations/task/read-items.js';
import { machineName } from '../../workflow/names/arn.js';
import { textOf } from '../import/order.js';
import type { Command, Context, Target } from '../shell/command.js';
import { countOf } from '../shell/flag-values.js';

export const taskStart: Command = {
  name: 'task start',
  changes: true,
  summary: 'Run the items of a file as task batches, and report each of them',
  description:
    'The items (a JSON array, NDJSON, a CSV with a header, or standard input) are cut into as few executions as keep AWS’s limits. All of them are followed, and what became of each item is told in the order of the file, also where the execution says SUCCEEDED. An item that fails ends its execution: the items that it broke off or kept from running go on in a further one (an item must bear to be run twice). The same command line again goes on where it was broken off: nothing is started twice.',
  arguments: [{ syntax: '[items]', description: 'file: .json, .ndjson, .csv, or - for standard input' }],
  options: [
    { flags: '--type <name>', description: 'type of the tasks, by which the app tells them apart' },
    { flags: '--tenant <code>', description: "tenant code (default: the target's)" },
    { flags: '--machine <machine>', description: 'state machine: role, name or ARN', default: 'task' },
    {
      flags: '--via <way>',
      description:
        "start through the framework's record (table) or directly (execution); auto: as the machine needs",
      default: 'auto',
      choices: ['auto', 'table', 'execution'],
    },
    { flags: '--batch-size <n>', description: 'at most so many items in an execution' },
    {
      flags: '--seconds-per-item <seconds>',
      description:
        "how long an item takes, to keep the machine's timeout (default: measured in former batches)",
    },
    { flags: '--parallel <n>', description: 'how many executions at once', default: '10' },
    { flags: '--stop-on-failure', description: 'leave what a failed item broke off or kept from running' },
    {
      flags: '--rerun <reference>',
      description: 'only what failed or never ran in a former batch or execution',
    },
    { flags: '--results <file>', description: 'write the results of all items: .ndjson or .csv' },
    { flags: '--encoding <name>', description: 'encoding of a CSV (default: detected)' },
    {
      flags: '--delimiter <char>',
      description: 'of a CSV: comma, tab, semicolon, pipe or space (default: detected)',
    },
    { flags: '--again', description: 'run a batch that was run before' },
    { flags: '--detach', description: 'start everything and do not wait for the end' },
  ],
  examples: [
    { line: 'mbc-flow task start items.json', what: 'on this machine, or the default target' },
    { line: 'mbc-flow task start items.csv --dry-run --seconds-per-item 4', what: 'show the plan only' },
    {
      line: 'mbc-flow task start 商品.csv --type product --tenant t1 --target dev',
      what: 'on AWS, through the framework’s records',
    },
    { line: 'mbc-flow task start - --type order', what: 'as in jq -c .orders[] day.json | …' },
    {
      line: 'mbc-flow task start items.json --results results.csv -o json',
      what: 'every result, for a script',
    },
    { line: 'mbc-flow task start --rerun items-1f0c2d9a3b4e5f60', what: 'only what did not succeed' },
  ],
  async run(context, [file], options) {
    const path = typeof file === 'string' ? file : undefined;
    const rerun = textOf(options, 'rerun');
    refuseBadUsage(path, rerun);
    const results = textOf(options, 'results');
    if (results !== undefined) await refuseBadFile(context, results, path);
    const list = path === undefined ? undefined : await readList(context, path, options);
    const target = await context.connect({ changes: true });
    const plan =
      list === undefined
        ? await (await import('./rerun.js')).planRerun(context, target, rerun ?? '', options)
        : await planList(context, target, list, options);
    if (!plan) return exitCodes.ok;
    const { planDocument, planLines, planSummary } = await import('../../views/task/run.js');
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
    const { runPlan } = await import('./run.js');
    return await runPlan(context, target, plan, {
      atOnce: countOf(options.parallel, '--parallel'),
      stopOnFailure: options.stopOnFailure === true,
      detach: options.detach === true,
      results,
    });
  },
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
  const { refuseFile } = await import('../../files/result-file.js');
  const others = path === undefined || path === '-' ? [] : [path];
  await refuseFile(cwd, { flag: '--results', what: 'the results' }, results, others);
}

async function readList(context: Context, path: string, options: Record<string, unknown>): Promise<ItemList> {
  const [{ openSource, streamSource }, { readItems }, { checkOptions }] = await Promise.all([
    import('../../files/open-source.js'),
    import('../../operations/task/read-items.js'),
    import('../../operations/import/dialect-words.js'),
  ]);
  const dialect = checkOptions({
    encoding: textOf(options, 'encoding'),
    delimiter: textOf(options, 'delimiter'),
  });
  const source = path === '-' ? streamSource(context.stdin, 'stdin') : await openSource(context.cwd, path);
  const list = await readItems(source, dialect);
  if (list.report) {
    const { problemLines } = await import('../../views/import/check.js');
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
  const { planBatch } = await import('../../operations/task/plan-batch.js');
  const { batchOrder, planning } = await import('./order.js');
  const machine = String(options.machine);
  const order = await batchOrder(target, await target.machineArn(machine), machine === 'task', options);
  return await planBatch(list, order, planning(context, target));
}
