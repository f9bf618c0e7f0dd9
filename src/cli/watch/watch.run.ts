import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { followAll, inTime } from '../../operations/follow/follow-all.js';
import { executionDocument } from '../../views/execution/show-document.js';
import { endLines } from '../../views/watch/lines.js';
import { currentStates } from '../../workflow/history/execution-model.js';
import { executionParts, machineName } from '../../workflow/names/arn.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { type Leaving, leavingBy, left, waitForEnd } from '../shell/interruption.js';
import { createNotifier, type Notifier } from '../shell/notifier.js';
import type { Target } from '../shell/target.js';
import type { Followed } from './followed.js';
import { outcome, outOfSight, stillRunning } from './outcome.js';
import { logTeller, openProgress } from './progress.js';
import { replayHistory } from './replay.js';
import type { declaration } from './watch.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const { replay, speed, timeout, logs } = options;
  const notifier = createNotifier(context, options);
  if (replay !== undefined) {
    if (executions.length > 1)
      throw new FlowError(exitCodes.usage, 'BadUsage', 'one execution is replayed at a time', {
        where: '--replay',
      });
    return await replayHistory(context, replay, speed, executions[0]);
  }
  if (executions.length === 0) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'specify an execution, or a history to replay', {
      hint: 'mbc-flow watch @last',
    });
  }
  const until = timeout === undefined ? undefined : context.clock.now() + timeout;
  const target = await context.connect({ changes: true });
  return await watchExecutions(context, target, executions, { until, logs, notifier });
};

interface Watching {
  /** Epoch milliseconds. */
  until?: number;
  logs?: boolean;
  /** Epoch milliseconds of a redrive: only what came of it is told. */
  since?: number;
  notifier?: Notifier;
  /** They were started by this command. */
  own?: boolean;
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
    if (!found.has(executionArn))
      found.set(executionArn, { executionArn, reference, mapRuns: [], own: watching.own });
  }
  const followed = [...found.values()];
  const ending = await follow(context, target, followed, watching).catch(outOfSight(target, references));
  context.out.summary(() => documentOf(followed));
  const [only, another] = followed;
  if (context.screen && only?.own && only.model && !another)
    for (const line of endLines(only.model)) context.out.line(line);
  if (ending !== 'end') throw await stillRunning(target, followed, ending);
  return await outcome(context, target, followed);
}

const nothingFound = (): FlowError =>
  left('timeout', 'No answer from the service within this time.', {
    hint: 'the same command with a longer --timeout',
  });

async function follow(
  context: Context,
  target: Target,
  followed: Followed[],
  { until, logs, since, notifier }: Watching,
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
      onUpdate: (one, changes) => {
        progress.update(one, changes);
        if (notifier) notify(notifier, one);
      },
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
    await notifier?.done();
  }
}

/** Tells of steps that wait for an answer, and of the end. */
function notify(notifier: Notifier, { executionArn, model, mapRuns }: Followed): void {
  if (!model) return;
  const { name = executionArn, stateMachineArn } = executionParts(executionArn);
  for (const { name: stateName, wait, enteredAt } of currentStates(model)) {
    if (wait?.kind !== 'token') continue;
    const { requestId = null, since, scheduledId } = wait;
    notifier.tell({
      key: JSON.stringify([executionArn, scheduledId]),
      title: `${stateName} waits for an answer`,
      body: requestId ?? name,
      document: {
        event: 'paused',
        executionArn,
        executionName: name,
        stateName,
        requestId,
        since: new Date(Number.isNaN(since) ? enteredAt : since).toISOString(),
      },
    });
  }
  if (model.status === 'RUNNING') return;
  notifier.tell({
    key: JSON.stringify([executionArn, model.status, model.redriveCount]),
    title: `${name} ${model.status}`,
    body: machineName(stateMachineArn ?? ''),
    document: {
      event: 'ended',
      ...executionDocument({ executionArn, ...executionParts(executionArn), model, mapRuns }),
    },
  });
}

function documentOf(followed: Followed[]): object {
  const documents = followed.flatMap(({ executionArn, model, mapRuns }) =>
    model ? [executionDocument({ executionArn, ...executionParts(executionArn), model, mapRuns })] : [],
  );
  return documents.length === 1 && documents[0] ? documents[0] : { executions: documents };
}
