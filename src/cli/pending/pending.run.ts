import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { pendingSteps, stuckCommands } from '../../operations/answer/pending-steps.js';
import type { Resolving } from '../../operations/answer/resolve-paused.js';
import { lookAgain } from '../../operations/pace/look-again.js';
import { chainDocument, chainLines, pendingDocument, pendingLines } from '../../views/answer/pending.js';
import { zonedTime } from '../../views/text/time.js';
import { searching, searchOn, wantedOf } from '../answer/search.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import type { declaration, pendingOptions } from './pending.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  if (options.revealToken) refuseUnseen(context);
  const wanted = wantedOf(options);
  const target = await context.connect({ changes: false });
  const search = await searchOn(context, target, { ...options, machine }, wanted);
  const look = options.stuck
    ? stuckLook(context, target, search)
    : pendingLook(context, target, search, options);
  if (!options.watch) return (await look())();
  for await (const tell of lookAgain(look, context)) {
    if (context.terminal.stdoutIsTTY) context.out.clear();
    else context.out.line(zonedTime(context.clock.now(), context.terminal));
    tell();
  }
  return exitCodes.ok;
};

/** Whoever is shown a token sits at a terminal, or has said that it may be read. */
function refuseUnseen({ yes, terminal }: Context): void {
  if (yes || terminal.stdoutIsTTY) return;
  const message = 'whoever reads a task token can answer the step';
  const more = { where: '--reveal-token', hint: 'on a terminal, or with --yes' };
  throw new FlowError(exitCodes.usage, 'ConfirmationNeeded', message, more);
}

/** Looks, and gives what then is to be told. */
type Look = () => Promise<() => ExitCode>;

const pendingLook =
  (
    context: Context,
    target: Target,
    search: Resolving,
    { olderThan, revealToken: tokens }: OptionsOf<typeof pendingOptions>,
  ): Look =>
  async () => {
    const steps = await searching(context, () => pendingSteps(search, { olderThan, tokens }));
    return () => {
      const now = context.clock.now();
      const documents = steps.map((step) => pendingDocument(step, now));
      context.out.list('pending', documents, pendingLines(steps, now, context.terminal));
      if (steps.length === 0) context.err.notice(`Nothing waits for an answer on target ${target.name}.`);
      return olderThan !== undefined && steps.length > 0 ? exitCodes.failed : exitCodes.ok;
    };
  };

const stuckLook =
  (context: Context, target: Target, search: Resolving): Look =>
  async () => {
    const { chains, steps } = await searching(context, () => stuckCommands(search, target.gateways.tables));
    return () => {
      const now = context.clock.now();
      const pending = steps.map((step) => pendingDocument(step, now));
      const lines = chainLines(chains, now, target.flagsForHints);
      context.out.list('chains', chains.map(chainDocument), lines, { pending });
      if (chains.length === 0) context.err.notice(`No command is stuck on target ${target.name}.`);
      return chains.length > 0 ? exitCodes.failed : exitCodes.ok;
    };
  };
