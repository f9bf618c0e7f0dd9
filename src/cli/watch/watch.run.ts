import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { followAll, inTime } from '../../operations/follow/follow-all.js';
import { executionDocument } from '../../views/execution/show-document.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { type Leaving, leavingBy, left, waitForEnd } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';
import { outcome, outOfSight, stillRunning } from './outcome.js';
import { type Followed, logTeller, openProgress } from './progress.js';
import { replayHistory } from './replay.js';
import type { declaration } from './watch.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const { replay, speed, timeout, logs } = options;
  if (replay !== undefined) return await replayHistory(context, replay, speed, executions[0]);
  if (executions.length === 0) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'Name an execution, or a history to replay.', {
      hint: 'mbc-flow watch @last',
    });
  }
  const until = timeout === undefined ? undefined : context.clock.now() + timeout;
  const target = await context.connect({ changes: true });
  return await watchExecutions(context, target, executions, { until, logs });
};

interface Watching {
  /** Epoch milliseconds. */
  until?: number;
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
  const found = new Map<string, Followed>();
  for (const reference of references) {
    const executionArn = await inTime(context.clock, watching.until, target.executionArn(reference));
    if (executionArn === undefined) throw nothingFound();
    if (!found.has(executionArn)) found.set(executionArn, { executionArn, reference, mapRuns: [] });
  }
  const followed = [...found.values()];
  const ending = await follow(context, target, followed, watching).catch(outOfSight(target, references));
  context.out.summary(() => documentOf(followed));
  if (ending !== 'end') throw await stillRunning(target, followed, ending);
  return await outcome(context, target, followed);
}

const nothingFound = (): FlowError =>
  left('timeout', 'Nothing was found out in this time: the service does not answer.', {
    hint: 'the same command with a longer --timeout',
  });

async function follow(
  context: Context,
  target: Target,
  followed: Followed[],
  { until, logs, since }: Watching,
): Promise<'end' | Leaving> {
  const { clock, waits } = context;
  const { gateways, pollMilliseconds } = target;
  const quit = new AbortController();
  const progress = await openProgress(context, followed, () => quit.abort());
  const following = () =>
    followAll(gateways, followed, {
      clock,
      pollMilliseconds,
      signal: AbortSignal.any([context.signal, quit.signal]),
      until,
      since,
      onUpdate: progress.update,
      logs: logs ? logTeller(progress) : undefined,
    });
  const wait = waitForEnd(
    target,
    followed.map(({ reference }) => reference),
  );
  try {
    // A screen shows by itself that time passes.
    const ending = await (progress.ticks ? following() : waits.during(wait, following));
    return ending === 'left' ? leavingBy(context.signal) : ending;
  } finally {
    await progress.close();
  }
}

function documentOf(followed: Followed[]): object {
  const documents = followed.flatMap(({ executionArn, model, mapRuns }) =>
    model ? [executionDocument({ executionArn, ...executionParts(executionArn), model, mapRuns })] : [],
  );
  return documents.length === 1 && documents[0] ? documents[0] : { executions: documents };
}
