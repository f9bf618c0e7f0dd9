import { type ExitCode, exitCodes } from '../../errors.js';
import { prepareStart } from '../../operations/start/prepare-start.js';
import { type Started, startExecution } from '../../operations/start/start-execution.js';
import { executionDocumentOf, executionOutcomeLines } from '../../views/execution/sync-execution.js';
import { oneLine } from '../../views/text/safe-text.js';
import { type Zone, zonedTime } from '../../views/text/time.js';
import { truncate } from '../../views/text/width.js';
import { redactTokens } from '../../workflow/history/redact.js';
import type { CheckedMachine } from '../../workflow/trial/input-check.js';
import type { Context } from '../shell/context.js';
import { howItGoesOn } from '../shell/interruption.js';
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
  /** In a dry run: the machine as it would be, where that is not there yet. */
  machine?: CheckedMachine;
  /** What of an input that would fail at once. */
  check: 'refuse' | 'warn' | 'skip';
  follow: boolean;
}

/** Starts one execution, as `start` and `rerun` do. */
export async function startOne(context: Context, target: Target, order: StartOrder): Promise<ExitCode> {
  const { stateMachineArn, input, change, follow, name = crypto.randomUUID() } = order;
  const { states } = target.gateways;
  const { evaluate, clock } = context;
  const plan = await prepareStart({ ...order, name }, { states, evaluate, clock });
  if (plan.warning) context.err.notice(`warning: ${oneLine(plan.warning.message)}`);
  if (context.dryRun) return await wouldStart(context, target, order, plan.former?.executionArn);
  if (!plan.former) await target.confirm(change);
  if (plan.express && follow)
    return await startAndWait(context, target, { stateMachineArn, input, name: order.name });
  const started = plan.former ?? (await startExecution(states, { stateMachineArn, name, input }));
  const { executionArn, startDate } = started;
  await target.rememberExecution(executionArn);
  // Its ARN is the result, unless something else is.
  const own = !follow && context.out.forPeople;
  if (!(own && started.former === undefined))
    context.err.notice(startedLine(name, started, context.terminal));
  if (follow) return await watchExecutions(context, target, [executionArn], { own: true });
  context.out.document({ executionArn, startDate: startDate.toISOString() }, [executionArn]);
  // What has ended goes nowhere.
  if (started.former === undefined || started.former === 'RUNNING')
    context.err.notice(await howItGoesOn(target, executionArn));
  return exitCodes.ok;
}

const startedLine = (name: string, { executionArn, startDate, former }: Started, zone: Zone): string =>
  former === undefined
    ? `Started ${executionArn}`
    : `${name} was started before with this input, at ${zonedTime(startDate, zone)} (${former}); nothing was started.`;

/** EXPRESS executions can't be followed: the call that starts one answers when it has ended. */
async function startAndWait(
  context: Context,
  target: Target,
  start: { stateMachineArn: string; input: string; name?: string },
): Promise<ExitCode> {
  const ended = await target.gateways.states.startSyncExecution(start);
  await target.rememberExecution(ended.executionArn);
  context.out.document(executionDocumentOf(ended), executionOutcomeLines(ended, context.terminal.color));
  return ended.status === 'SUCCEEDED' ? exitCodes.ok : exitCodes.failed;
}

async function wouldStart(
  context: Context,
  target: Target,
  { change, stateMachineArn, name, input }: StartOrder,
  former: string | undefined,
): Promise<ExitCode> {
  const what = former === undefined ? `Would ${change}` : `${former} already exists with this input`;
  const line = `${what} on ${await target.describe()}; nothing was changed.`;
  const random = 'random, as no --name is given';
  const safe = redactTokens(input);
  const shown = truncate(oneLine(safe), context.terminal.columns - '  input  '.length);
  const lines = [line, `  name   ${oneLine(name ?? random)}`, `  input  ${shown}`];
  context.out.document({ dryRun: true, stateMachineArn, name, input: safe, former }, lines);
  return exitCodes.ok;
}
