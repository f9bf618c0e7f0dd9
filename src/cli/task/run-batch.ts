import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { writeWhole } from '../../files/result-file.js';
import type { BatchResult } from '../../operations/task/batch-result.js';
import type { BatchPlan } from '../../operations/task/plan-batch.js';
import { resultLines } from '../../operations/task/result-lines.js';
import { type BatchEvent, type BatchManner, runBatch } from '../../operations/task/run-batch.js';
import { batchDocument, batchLines, isGood, itemReasons, progressLine } from '../../views/task/batch.js';
import { someMaySucceed } from '../../workflow/failure/reason-groups.js';
import type { Context } from '../shell/context.js';
import { fateOf, interrupted, leavingBy, leftRunning } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { surroundings } from './batch-order.js';

/**
 * Runs a planned batch to its end, and tells what became of each item.
 * @param resultsFile where the results of all items are written
 */
export async function runPlan(
  context: Context,
  target: Target,
  plan: BatchPlan,
  manner: BatchManner,
  resultsFile: string | undefined,
): Promise<ExitCode> {
  const began = context.clock.now();
  let last: string | undefined;
  let code: ExitCode = exitCodes.ok;
  try {
    for await (const event of runBatch(plan, manner, surroundings(context, target))) {
      if (event.type === 'started') last = event.executionArn;
      if (event.type === 'detached' || event.type === 'left' || event.type === 'all') {
        context.err.progress('');
        if (last !== undefined) await target.rememberExecution(last);
      }
      if (event.type === 'left') throw leftBatch(context, target, plan, event.executions);
      else if (event.type === 'detached') printDetached(context, target, plan, event.executions);
      else if (event.type === 'all') {
        const { result } = event;
        printResult(context, target, plan, result);
        if (resultsFile !== undefined) await keepResults(context, target, result, resultsFile);
        code = isGood(result) ? exitCodes.ok : exitCodes.failed;
      } else printStep(context, plan, event, context.clock.now() - began);
    }
  } finally {
    context.err.progress('');
  }
  return code;
}

function printStep(
  { err, out }: Context,
  { items, entry }: BatchPlan,
  event: Exclude<BatchEvent, { type: 'detached' | 'left' | 'all' }>,
  elapsed: number,
): void {
  const { batch } = entry;
  if (event.type === 'progress') {
    err.progress(progressLine(event, items.length, elapsed));
  } else if (event.type === 'started') {
    const { executionArn, former } = event;
    err.verbose(`${former ? 'was started before:' : 'started'} ${executionArn}`);
    out.event({ batch, executionArn, status: 'RUNNING' });
  } else if (event.type === 'ended') {
    out.event({ batch, executionArn: event.executionArn, status: event.status });
  }
}

function printDetached(
  { out, err }: Context,
  target: Target,
  { entry: { batch } }: BatchPlan,
  executions: string[],
): void {
  out.document({ batch, executions, status: 'RUNNING' }, executions);
  err.notice(`${fateOf(target, executions.length)} The same command line again follows them.`);
}

function printResult(
  { out, terminal }: Context,
  { flagsForHints }: Target,
  { entry }: BatchPlan,
  result: BatchResult,
): void {
  const bad = result.results.filter(({ status }) => status !== 'SUCCEEDED');
  const rerun = bad.length < result.items.total - result.items.succeeded || someMaySucceed(itemReasons(bad));
  // What was swallowed may at least have been logged.
  const silent = result.results.some(({ error }) => error === 'NullOutput');
  const next = [
    ...(rerun ? [`mbc-flow task start --rerun ${result.batch}${flagsForHints}`] : []),
    ...(silent ? [`mbc-flow logs ${result.executions[0]?.executionArn}${flagsForHints}`] : []),
    `mbc-flow task show ${result.batch}${flagsForHints}`,
  ];
  const { results, ...summary } = batchDocument(result);
  const items = out.stream('results');
  for (const one of results) items.add(one);
  items.end(summary);
  out.event(summary, batchLines(entry.source, result, terminal, next));
}

/** A full disk does not hide the outcome. @throws FlowError 1 */
async function keepResults(
  { cwd }: Context,
  { flagsForHints }: Target,
  { batch, results }: BatchResult,
  file: string,
): Promise<void> {
  try {
    await writeWhole(cwd, file, resultLines(file, results));
  } catch (error) {
    const { code, message, where, cause } = error as FlowError;
    const hint = `mbc-flow task show ${batch} -o json${flagsForHints}`;
    throw new FlowError(exitCodes.failed, code, message, { where, hint, cause });
  }
}

/** How a batch is left that is not started as a whole, or not ended. */
function leftBatch(context: Context, target: Target, { entry }: BatchPlan, executions: string[]): FlowError {
  const count = executions.length;
  const waiting = entry.shares.length - count;
  const details = { batch: entry.batch, executions };
  const again = 'run the same command line again to start the rest';
  const done = `The batch ${entry.batch} has not ended: ${count} executions are started, ${waiting} are not.`;
  return count === 0
    ? interrupted(context, done, again, details)
    : leftRunning(leavingBy(context.signal), target, done, again, { count, details });
}
