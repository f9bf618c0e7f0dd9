import { type ExitCode, exitCodes, type FlowError } from '../../errors.js';
import { writeWhole } from '../../files/result-file.js';
import type { BatchPlan } from '../../operations/task/plan-batch.js';
import { resultLines } from '../../operations/task/result-lines.js';
import type { BatchEvent, BatchResult, Surroundings } from '../../operations/task/run-batch.js';
import { closeBatch, runBatch, startBatch } from '../../operations/task/run-batch.js';
import { batchDocument, batchLines, isGood, progressLine } from '../../views/task/run.js';
import type { Context } from '../shell/context.js';
import { interrupted, leavingBy } from '../shell/interrupted.js';
import { fateOf, leftRunning } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';
import { tasksTableOf } from './order.js';

export interface Manner {
  atOnce: number;
  stopOnFailure: boolean;
  detach: boolean;
  /** Where the results of all items are written. */
  results?: string;
}

/** Runs a planned batch to its end, and tells what became of each item. */
export async function runPlan(
  context: Context,
  target: Target,
  plan: BatchPlan,
  manner: Manner,
): Promise<ExitCode> {
  const { clock, waits, signal } = context;
  const { gateways, pollMilliseconds, batches: journal, batchItems: items } = target;
  const started: string[] = [];
  const around: Surroundings = {
    gateways,
    clock,
    pollMilliseconds,
    signal,
    waits,
    journal,
    items,
    tasksTable: tasksTableOf(target),
    onEvent: await progress(context, plan, started),
  };
  if (manner.detach) {
    const executions = await startBatch(plan, manner, around);
    await remember(target, executions);
    context.err.progress('');
    if (executions.length < plan.entry.shares.length) throw leftBatch(context, target, plan, executions);
    context.out.json({ batch: plan.entry.batch, executions, status: 'RUNNING' });
    for (const executionArn of executions) context.out.line(executionArn);
    context.err.notice(`${fateOf(target, executions.length)} The same command line again follows them.`);
    return exitCodes.ok;
  }
  const result = await runBatch(plan, manner, around);
  await remember(target, started);
  context.err.progress('');
  if (!result) throw leftBatch(context, target, plan, started);
  if (manner.results !== undefined) {
    await writeWhole(context.cwd, manner.results, resultLines(manner.results, result.results));
  }
  const code = await printResult(context, target, plan, result);
  await closeBatch(plan, result, { journal, now: clock.now() });
  return code;
}

async function remember(target: Target, executions: string[]): Promise<void> {
  const last = executions.at(-1);
  if (last !== undefined) await target.rememberExecution(last);
}

async function progress(
  context: Context,
  { items, entry }: BatchPlan,
  started: string[],
): Promise<(event: BatchEvent) => void> {
  const began = context.clock.now();
  return (event) => {
    if (event.type === 'progress')
      return context.err.progress(progressLine(event, items.length, context.clock.now() - began));
    const { executionArn } = event;
    if (event.type === 'started') {
      started.push(executionArn);
      context.err.verbose(`${event.former ? 'was started before:' : 'started'} ${executionArn}`);
      if (context.output === 'ndjson')
        context.out.json({ batch: entry.batch, executionArn, status: 'RUNNING' });
    } else if (event.type === 'ended' && context.output === 'ndjson') {
      context.out.json({ batch: entry.batch, executionArn, status: event.status });
    }
  };
}

async function printResult(
  context: Context,
  target: Target,
  { entry }: BatchPlan,
  result: BatchResult,
): Promise<ExitCode> {
  const document = batchDocument(result);
  if (context.output === 'ndjson') {
    const { results, ...summary } = document;
    for (const one of results) context.out.json(one);
    context.out.json(summary);
  } else context.out.json(document);
  if (context.output === 'text') {
    const { flagsForHints } = target;
    const rerun = result.items.succeeded < result.items.total;
    // What was swallowed may at least have been logged.
    const silent = result.results.some(({ error }) => error === 'NullOutput');
    const next = [
      ...(rerun ? [`mbc-flow task start --rerun ${result.batch}${flagsForHints}`] : []),
      ...(silent ? [`mbc-flow logs ${result.executions[0]?.executionArn}${flagsForHints}`] : []),
      `mbc-flow task show ${result.batch}${flagsForHints}`,
    ];
    for (const line of batchLines(entry.source, result, context.terminal, next)) context.out.line(line);
  }
  return isGood(result) ? exitCodes.ok : exitCodes.failed;
}

/** How a batch is left that is not started as a whole, or not ended. */
function leftBatch(context: Context, target: Target, { entry }: BatchPlan, executions: string[]): FlowError {
  const count = executions.length;
  const waiting = entry.shares.length - count;
  const details = { batch: entry.batch, executions };
  const again = 'the same command line again goes on, and starts what is left';
  const done = `The batch ${entry.batch} has not ended: ${count} executions are started, ${waiting} are not.`;
  return count === 0
    ? interrupted(context, done, again, details)
    : leftRunning(leavingBy(context.signal), target, done, again, { count, details });
}
