import { type ExitCode, exitCodes } from '../../errors.js';
import {
  checkFor,
  describeToStart,
  misfitError,
  refuseLargeInput,
} from '../../operations/execution/check-input.js';
import { formerExecution, startExecution } from '../../operations/execution/start-execution.js';
import { executionDocumentOf, executionOutcomeLines } from '../../views/execution/sync-execution.js';
import { oneLine } from '../../views/text/safe-text.js';
import { machineName } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { howItGoesOn } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';
import { watchExecutions } from '../watch/watch.run.js';

export interface StartOrder {
  stateMachineArn: string;
  /** JSON text. */
  input: string;
  /** Where the input comes from, for people. */
  where: string;
  /** Absent: a random one. */
  name?: string;
  /** The name may have been given before. */
  again: boolean;
  /** For the line before the change: `start approval`. */
  change: string;
  /** What of an input that would fail at once. */
  check: 'refuse' | 'warn' | 'skip';
  follow: boolean;
}

/** Starts one execution, as `start` and `rerun` do. */
export async function startOne(context: Context, target: Target, order: StartOrder): Promise<ExitCode> {
  const { stateMachineArn, input, change, name = crypto.randomUUID() } = order;
  const { states } = target.gateways;
  refuseLargeInput(input, order.where);
  const machine = await describeToStart(states, stateMachineArn);
  const express = machine?.type === 'EXPRESS';
  const former =
    order.again && !express ? await formerExecution(states, { stateMachineArn, name, input }) : undefined;
  if (!former && order.check !== 'skip') {
    const misfit = await checkFor(
      stateMachineArn,
      machine,
      context.evaluate,
    )({ name, input }, context.clock.now());
    const error = misfit && misfitError(misfit, machineName(stateMachineArn), order.where);
    if (error && order.check === 'refuse') throw error;
    if (error) context.err.notice(`warning: ${oneLine(error.message)}`);
  }
  if (context.dryRun) return await wouldStart(context, target, order, former?.executionArn);
  if (!former) await target.confirm(change);
  if (express && order.follow)
    return await startAndWait(context, target, { stateMachineArn, input, name: order.name });
  const started = former ?? (await startExecution(states, { stateMachineArn, name, input }));
  const { executionArn, startDate } = started;
  await target.rememberExecution(executionArn);
  context.err.notice(
    started.former !== undefined
      ? `${name} was started before with this input, at ${startDate.toISOString()} (${started.former}): it is this one.`
      : `Started ${executionArn}`,
  );
  if (order.follow) return await watchExecutions(context, target, [executionArn]);
  context.out.json({ executionArn, startDate: startDate.toISOString() });
  context.out.line(executionArn);
  context.err.notice(await howItGoesOn(target, executionArn));
  return exitCodes.ok;
}

/** EXPRESS executions can't be followed: the call that starts one answers when it has ended. */
async function startAndWait(
  context: Context,
  target: Target,
  start: { stateMachineArn: string; input: string; name?: string },
): Promise<ExitCode> {
  const ended = await target.gateways.states.startSyncExecution(start);
  await target.rememberExecution(ended.executionArn);
  context.out.json(executionDocumentOf(ended));
  for (const line of executionOutcomeLines(ended, context.terminal.color)) context.out.line(line);
  return ended.status === 'SUCCEEDED' ? exitCodes.ok : exitCodes.failed;
}

async function wouldStart(
  context: Context,
  target: Target,
  { change, stateMachineArn, name, input }: StartOrder,
  former: string | undefined,
): Promise<ExitCode> {
  context.out.json({ dryRun: true, stateMachineArn, name, input, former });
  const what = former === undefined ? `Would ${change}` : `${former} is there already, with this input`;
  context.out.line(`${what} on ${await target.describe()}; nothing was changed.`);
  return exitCodes.ok;
}
