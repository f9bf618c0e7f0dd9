import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { followAnyExecution } from '../../operations/follow/follow-any.js';
import { executionDocument } from '../../views/execution/show-document.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { durationOf } from '../shell/flag-values.js';
import { hintReference } from '../shell/hint-reference.js';
import { type Leaving, leavingBy, left } from '../shell/interrupted.js';
import { calledNow, fateOf, leftRunning, waitForEnd } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';
import { createWatchLogs } from './logs-beside.js';
import { type Followed, openProgress } from './progress.js';
import { replayHistory } from './replay.js';
import type { declaration } from './watch.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const timeout = durationOf(options.timeout, '--timeout');
  const references = [executions ?? []].flat();
  if (typeof options.replay === 'string') {
    return await replayHistory(context, options.replay, String(options.speed ?? 'max'), references[0]);
  }
  if (references.length === 0) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'Name an execution, or a history to replay.', {
      hint: 'mbc-flow watch @last',
    });
  }
  const began = context.clock.now();
  const target = await context.connect({ changes: true });
  return await watchExecutions(context, target, references, {
    began,
    timeout,
    logs: options.logs === true,
  });
};

interface Watching {
  /** Milliseconds, from `began` (epoch milliseconds) on. */
  timeout?: number;
  began?: number;
  logs?: boolean;
  /** Epoch milliseconds of a redrive: only what came of it is told. */
  since?: number;
}

/** Follows executions to their end, which decides the exit code. */
export async function watchExecutions(
  context: Context,
  target: Target,
  references: string[],
  watching: Watching = {},
): Promise<ExitCode> {
  const followed = new Map<string, Followed>();
  for (const reference of references) {
    const executionArn = await inTime(context, watching, target.executionArn(reference));
    if (!followed.has(executionArn)) followed.set(executionArn, { executionArn, reference, mapRuns: [] });
  }
  const ended = await follow(context, target, [...followed.values()], watching).catch(
    outOfSight(target, references),
  );
  if (context.output === 'json') await printDocuments(context, [...followed.values()]);
  if (ended !== 'end') throw await stillRunning(target, [...followed.values()], ended);
  return await outcome(context, target, [...followed.values()]);
}

/** What is found, or the end of the watch's own time where nothing answers. */
async function inTime<T>(
  { clock }: Context,
  { timeout, began = clock.now() }: Watching,
  found: Promise<T>,
): Promise<T> {
  if (timeout === undefined) return await found;
  found.catch(() => {});
  const over = new AbortController();
  const late = clock.sleep(Math.max(0, began + timeout - clock.now()), over.signal).then(() => {
    throw left('timeout', 'Nothing was found out in this time: the service does not answer.', {
      hint: 'the same command with a longer --timeout',
    });
  });
  late.catch(() => {});
  try {
    return await Promise.race([found, late]);
  } finally {
    over.abort();
  }
}

type Ending = 'end' | Leaving;

/** Answers that are on their way when a watch is left are still shown, if they come at once. */
const LAST_ANSWERS_MS = 500;

async function follow(
  context: Context,
  target: Target,
  followed: Followed[],
  { timeout, began = context.clock.now(), logs, since }: Watching,
): Promise<Ending> {
  let ending: Ending = 'end';
  const stop = new AbortController();
  const leave = (why: Ending): void => {
    if (!stop.signal.aborted) ending = why;
    stop.abort();
  };
  const onSignal = (): void => leave(leavingBy(context.signal));
  if (context.signal.aborted) onSignal();
  context.signal.addEventListener('abort', onSignal);
  if (timeout !== undefined) {
    const rest = Math.max(0, began + timeout - context.clock.now());
    context.clock.sleep(rest, stop.signal).then(
      () => leave('timeout'),
      () => {},
    );
  }
  const progress = await openProgress(context, followed, () => leave('SIGINT'));
  // Whoever leaves does not wait for an answer that may never come.
  const leaving = new Promise<void>((resolve) => {
    const go = (): unknown => context.clock.sleep(LAST_ANSWERS_MS).then(resolve, resolve);
    if (stop.signal.aborted) go();
    stop.signal.addEventListener('abort', go);
  });
  try {
    const all = () =>
      Promise.all(
        followed.map(async (one) => {
          const log = logs ? createWatchLogs(context, target, one, progress, stop.signal) : undefined;
          one.model = await followAnyExecution(target.gateways, one.executionArn, {
            signal: stop.signal,
            clock: context.clock,
            pollMilliseconds: target.pollMilliseconds,
            since,
            onUpdate(model, mapRuns, events, changes) {
              Object.assign(one, { model, mapRuns });
              progress.update(one, changes);
              log?.happened(events);
            },
          });
          await log?.done;
        }),
      );
    // A screen shows by itself that time passes.
    const wait = waitForEnd(
      target,
      followed.map(({ reference }) => reference),
    );
    const following = progress.ticks ? all() : context.waits.during(wait, all);
    following.catch(() => {});
    await Promise.race([following, leaving]);
  } finally {
    stop.abort();
    context.signal.removeEventListener('abort', onSignal);
    await progress.close();
  }
  return followed.every(({ model }) => model && model.status !== 'RUNNING') ? 'end' : ending;
}

async function printDocuments(context: Context, followed: Followed[]): Promise<void> {
  const documents = followed.flatMap(({ executionArn, model, mapRuns }) =>
    model ? [executionDocument({ executionArn, ...executionParts(executionArn), model, mapRuns })] : [],
  );
  context.out.json(documents.length === 1 ? documents[0] : { executions: documents });
}

async function outcome(context: Context, target: Target, followed: Followed[]): Promise<ExitCode> {
  const bad = followed.filter(({ model }) => model?.status !== 'SUCCEEDED');
  for (const { executionArn, reference } of bad) {
    const called = hintReference(await calledNow(target, executionArn, reference), target);
    context.err.notice(`Why, and what to type next: mbc-flow show ${called}`);
  }
  return bad.length > 0 ? exitCodes.failed : exitCodes.ok;
}

/** A watch that can't look any more (expired credentials, no network, throttled for long) ends nothing but itself. */
const outOfSight =
  (target: Target, references: string[]) =>
  (error: unknown): never => {
    const lost = [exitCodes.denied, exitCodes.unreachable].some(
      (code) => error instanceof FlowError && error.exitCode === code,
    );
    if (!lost || !(error instanceof FlowError)) throw error;
    const { exitCode, code, message, where, hint, details, cause } = error;
    const again = `mbc-flow watch ${references.map((one) => hintReference(one, target, false)).join(' ')}${target.flagsForHints}`;
    throw new FlowError(exitCode, code, `${message}. ${fateOf(target, references.length)}`, {
      where,
      hint: hint === undefined ? again : `${hint}; then: ${again}`,
      details,
      cause,
    });
  };

/** Leaving is no error of anyone: it says what goes on without us and how to come back. */
async function stillRunning(target: Target, followed: Followed[], leaving: Leaving): Promise<FlowError> {
  const running = followed.filter(({ model }) => !model || model.status === 'RUNNING');
  const names = running
    .map(({ executionArn }) => executionParts(executionArn).name ?? executionArn)
    .join(', ');
  const again: string[] = [];
  for (const { executionArn, reference } of running)
    again.push(hintReference(await calledNow(target, executionArn, reference), target, false));
  return leftRunning(
    leaving,
    target,
    `Not ended yet: ${names}.`,
    `mbc-flow watch ${again.join(' ')}${target.flagsForHints}`,
    { count: running.length, details: { executionArns: running.map((one) => one.executionArn) } },
  );
}
