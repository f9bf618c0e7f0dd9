import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { PausedScan } from '../../operations/answer/find-paused.js';
import type { Resolving } from '../../operations/answer/resolve-paused.js';
import type { PendingStep } from '../../views/answer/pending.js';
import type { Command, Context, Target } from '../shell/command.js';
import { durationOf } from '../shell/flag-values.js';
import { resolving } from './meant.js';
import { choosing } from './options.js';

/** Between two looks of `--watch`: each reads every running execution. */
const WATCH_PAUSE = 10_000;

export const pending: Command = {
  name: 'pending',
  summary: 'Every paused step that waits for an answer: since when, until when, whose',
  description:
    'Read from the histories of the running executions alone, in Maps, branches and map runs too. With --stuck only commands that wait for a predecessor in vain, as chains; --stuck and --older-than end with 1 when they find something.',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN (default: all of them)' },
  ],
  options: [
    ...choosing.filter(({ flags }) => !flags.startsWith('--machine')),
    { flags: '--older-than <duration>', description: 'only what has waited longer: 30m, 2h, 1d' },
    { flags: '--stuck', description: 'only commands that nothing will wake, with what blocks them' },
    { flags: '--watch', description: 'look again and again, until Ctrl-C' },
    { flags: '--reveal-token', description: 'show the task tokens too: on a terminal, or with --yes' },
  ],
  examples: [
    { line: 'mbc-flow pending', what: 'all of the target' },
    { line: 'mbc-flow pending command --stuck', what: 'chains of versions that wait in vain' },
    { line: 'mbc-flow pending --older-than 1d -q', what: 'for cron: exit 1 when something waits that long' },
  ],
  async run(context, [machine], options) {
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
  },
};

async function lookOnce(
  context: Context,
  target: Target,
  search: Resolving,
  options: Record<string, unknown>,
  olderThan: number | undefined,
): Promise<ExitCode> {
  const [{ findPaused }, { matching }] = await Promise.all([
    import('../../operations/answer/find-paused.js'),
    import('../../workflow/answer/match-paused.js'),
  ]);
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
  const { pendingDocument, pendingLines } = await import('../../views/answer/pending.js');
  const documents = steps.map((step) => pendingDocument(step, now));
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ pending: documents });
  if (context.output === 'text')
    for (const line of pendingLines(steps, now, context.terminal)) context.out.line(line);
  if (steps.length === 0) context.err.notice(`Nothing waits for an answer on target ${target.name}.`);
  return olderThan !== undefined && steps.length > 0 ? exitCodes.failed : exitCodes.ok;
}

async function stuckTasks(scan: PausedScan): Promise<Map<string, { reason: string }>> {
  const { chainsIn, shortReason } = await import('../../operations/answer/stuck-commands.js');
  return new Map(
    chainsIn(scan).flatMap((chain) =>
      chain.versions.map(({ of }) => [of.execution.executionArn, { reason: shortReason(chain) }] as const),
    ),
  );
}

async function tellStuck(context: Context, target: Target, scan: PausedScan): Promise<ExitCode> {
  const { explainStuck } = await import('../../operations/answer/stuck-commands.js');
  const now = context.clock.now();
  const chains = await explainStuck(target.gateways.states, scan, now);
  const { chainDocument, chainLines, pendingDocument } = await import('../../views/answer/pending.js');
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
  const [{ createDefinitions }, { tokenIn }] = await Promise.all([
    import('../../operations/find/definition-of-execution.js'),
    import('../../operations/answer/prepare-answer.js'),
  ]);
  const definitions = createDefinitions(target.gateways.states);
  const revealed: PendingStep[] = [];
  for (const step of steps)
    revealed.push({ ...step, token: tokenIn(step.task, await definitions.of(step.task.execution)) });
  return revealed;
}
