import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { PausedScan } from '../../operations/answer/find-paused.js';
import { findPaused } from '../../operations/answer/find-paused.js';
import { tokenIn } from '../../operations/answer/prepare-answer.js';
import type { Resolving } from '../../operations/answer/resolve-paused.js';
import { chainsIn, explainStuck, shortReason } from '../../operations/answer/stuck-commands.js';
import { createDefinitions } from '../../operations/find/definition-of-execution.js';
import type { PendingStep } from '../../views/answer/pending.js';
import { chainDocument, chainLines, pendingDocument, pendingLines } from '../../views/answer/pending.js';
import { matching } from '../../workflow/answer/match-paused.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { durationOf } from '../shell/flag-values.js';
import type { Target } from '../shell/target.js';
import { resolving } from './meant.js';
import type { declaration } from './pending.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  const olderThan = durationOf(options.olderThan, '--older-than');
  if (options.revealToken === true && !context.yes && !context.terminal.stdoutIsTTY) {
    throw new FlowError(
      exitCodes.usage,
      'ConfirmationNeeded',
      'whoever reads a task token can answer the step',
      {
        where: '--reveal-token',
        hint: 'on a terminal, or with --yes',
      },
    );
  }
  const target = await context.connect({ changes: false });
  const search = await resolving(context, target, { ...options, machine });
  const look = (): Promise<ExitCode> => lookOnce(context, target, search, options, olderThan);
  if (options.watch !== true) return await look();
  for (;;) {
    const began = context.clock.now();
    if (context.terminal.stdoutIsTTY) context.out.clear();
    else context.out.line(new Date(began).toISOString());
    await look();
    // A large account takes longer to read than the pause: it gets as long again.
    const pause = Math.max(WATCH_PAUSE, context.clock.now() - began);
    await context.clock.sleep(pause, context.signal);
  }
};

/** Between two looks of `--watch`: each reads every running execution. */
const WATCH_PAUSE = 10_000;

async function lookOnce(
  context: Context,
  target: Target,
  search: Resolving,
  options: Record<string, unknown>,
  olderThan: number | undefined,
): Promise<ExitCode> {
  const scan = await findPaused(search);
  context.err.progress('');
  if (options.stuck === true) return await tellStuck(context, target, scan);
  const now = context.clock.now();
  const tasks = matching(scan.tasks, search.wanted).filter(
    ({ since }) => now - since > (olderThan ?? Number.NEGATIVE_INFINITY),
  );
  const stuck = await stuckTasks(scan);
  let steps: PendingStep[] = tasks.map((task) => ({ task, stuck: stuck.get(task.execution.executionArn) }));
  if (options.revealToken === true) steps = await withTokens(target, steps);
  const documents = steps.map((step) => pendingDocument(step, now));
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ pending: documents });
  if (context.output === 'text')
    for (const line of pendingLines(steps, now, context.terminal)) context.out.line(line);
  if (steps.length === 0) context.err.notice(`Nothing waits for an answer on target ${target.name}.`);
  return olderThan !== undefined && steps.length > 0 ? exitCodes.failed : exitCodes.ok;
}

async function stuckTasks(scan: PausedScan): Promise<Map<string, { reason: string }>> {
  return new Map(
    chainsIn(scan).flatMap((chain) =>
      chain.versions.map(({ of }) => [of.execution.executionArn, { reason: shortReason(chain) }] as const),
    ),
  );
}

async function tellStuck(context: Context, target: Target, scan: PausedScan): Promise<ExitCode> {
  const now = context.clock.now();
  const chains = await explainStuck(target.gateways.states, scan, now);
  const steps = chains.flatMap(({ versions, reason }) =>
    versions.flatMap(({ of: { task } }) => (task ? [pendingDocument({ task, stuck: { reason } }, now)] : [])),
  );
  if (context.output === 'ndjson') for (const chain of chains) context.out.json(chainDocument(chain));
  else context.out.json({ pending: steps, chains: chains.map(chainDocument) });
  for (const line of chainLines(chains, now, target.flagsForHints)) context.out.line(line);
  if (chains.length === 0) context.err.notice(`No command is stuck on target ${target.name}.`);
  return chains.length > 0 ? exitCodes.failed : exitCodes.ok;
}

async function withTokens(target: Target, steps: PendingStep[]): Promise<PendingStep[]> {
  const definitions = createDefinitions(target.gateways.states);
  const revealed: PendingStep[] = [];
  for (const step of steps)
    revealed.push({ ...step, token: tokenIn(step.task, await definitions.of(step.task.execution)) });
  return revealed;
}
