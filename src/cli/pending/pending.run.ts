import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { lookAgain } from '../../operations/pace/poll.js';
import { type PendingStep, pendingSteps, stuckCommands } from '../../operations/pending/pending-steps.js';
import type { Resolving } from '../../operations/pending/resolve-paused.js';
import { chainDocument, chainLines, pendingDocument, pendingLines } from '../../views/pending/pending.js';
import { zonedTime } from '../../views/text/time.js';
import { searching, searchOn, wantedOf } from '../answer/search-options.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { createNotifier, type Notice } from '../shell/notifier.js';
import type { Target } from '../shell/target.js';
import type { declaration, pendingOptions } from './pending.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  if (options.revealToken) refuseUnseen(context);
  const wanted = wantedOf(options);
  const target = await context.connect({ changes: false });
  const search = await searchOn(context, target, { ...options, machine }, wanted);
  const notifier = createNotifier(context, options);
  const look = options.stuck
    ? stuckLook(context, target, search)
    : pendingLook(context, target, search, options);
  const notify = (steps: PendingStep[]): void => {
    for (const step of steps) notifier.tell(noticeOf(step, context.clock.now(), target.name));
  };
  try {
    if (!options.watch) {
      const { steps, tell } = await look();
      notify(steps);
      return tell();
    }
    let first = true;
    for await (const { steps, tell } of lookAgain(look, context)) {
      if (context.terminal.stdoutIsTTY) context.out.clear();
      else context.out.line(zonedTime(context.clock.now(), context.terminal));
      tell();
      // What stands on the screen from the start is no news.
      if (first) for (const step of steps) notifier.known(keyOf(step));
      first = false;
      notify(steps);
    }
    return exitCodes.ok;
  } finally {
    await notifier.done();
  }
};

/** Whoever is shown a token sits at a terminal, or has said that it may be read. */
function refuseUnseen({ yes, terminal }: Context): void {
  if (yes || terminal.stdoutIsTTY) return;
  const message = 'whoever reads a task token can answer the step';
  const more = { where: '--reveal-token', hint: 'on a terminal, or with --yes' };
  throw new FlowError(exitCodes.usage, 'ConfirmationNeeded', message, more);
}

/** The step of this attempt: another one has another token. */
const keyOf = ({ task }: PendingStep): string =>
  JSON.stringify([task.execution.executionArn, task.stateName, task.iteration, task.since]);

function noticeOf(step: PendingStep, now: number, target: string): Notice {
  const { token: _, ...untold } = step;
  const { task } = step;
  return {
    key: keyOf(step),
    title: `${task.stateName} waits for an answer`,
    body: `${task.requestId ?? task.execution.name} on ${target}`,
    document: { event: 'paused', target, ...pendingDocument(untold, now) },
  };
}

/** Looks, and gives what then is to be told. */
type Look = () => Promise<{ steps: PendingStep[]; tell: () => ExitCode }>;

const pendingLook =
  (
    context: Context,
    target: Target,
    search: Resolving,
    { olderThan, revealToken: tokens }: OptionsOf<typeof pendingOptions>,
  ): Look =>
  async () => {
    const importMachine = (): Promise<string> => target.machineArn('import-csv');
    let logged = 0;
    const onLogged = (executions: number): void => {
      logged = executions;
    };
    // A log has no tokens; --deep reads it all.
    const logs = tokens || search.deep ? undefined : target.gateways.logs;
    const { steps, underWay } = await searching(context, () =>
      pendingSteps({ ...search, logs, onLogged }, { olderThan, tokens, importMachine }),
    );
    const requests = steps.flatMap(({ task }) => task.requestId ?? []);
    await context.names.save('requests', requests);
    const tell = (): ExitCode => {
      const now = context.clock.now();
      const documents = steps.map((step) => pendingDocument(step, now));
      context.out.list('pending', documents, pendingLines(steps, now, context.terminal));
      if (logged > 0)
        context.err.notice(`${logged} executions were read from logs, which come some seconds late.`);
      if (steps.length === 0) context.err.notice(nothingWaits(target, underWay));
      return olderThan !== undefined && steps.length > 0 ? exitCodes.failed : exitCodes.ok;
    };
    return { steps, tell };
  };

/** Right after a start, a function may still be loading. */
function nothingWaits({ name, flagsForHints }: Target, underWay: number): string {
  const nothing = `Nothing waits for an answer on target ${name}`;
  if (underWay === 0) return `${nothing}.`;
  const running = underWay === 1 ? '1 running execution' : `${underWay} running executions`;
  return `${nothing} yet; ${running} may still ask for one. Look again with mbc-flow pending --watch${flagsForHints}`;
}

const stuckLook =
  (context: Context, target: Target, search: Resolving): Look =>
  async () => {
    const { chains, steps } = await searching(context, () => stuckCommands(search, target.gateways.tables));
    const tell = (): ExitCode => {
      const now = context.clock.now();
      const pending = steps.map((step) => pendingDocument(step, now));
      const lines = chainLines(chains, now, target.flagsForHints);
      context.out.list('chains', chains.map(chainDocument), lines, { pending });
      if (chains.length === 0) context.err.notice(`No command is stuck on target ${target.name}.`);
      return chains.length > 0 ? exitCodes.failed : exitCodes.ok;
    };
    return { steps, tell };
  };
