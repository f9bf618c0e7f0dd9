import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { FlowError } from '../../errors.js';
import { tailLogs } from '../../operations/follow/tail-logs.js';
import { createLogReader } from '../../views/execution/log-lines.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { sourcesOfExecution } from './log-sources.js';
import type { Followed, Progress } from './progress.js';

/** Reads the log of a followed execution beside it. */
export interface WatchLogs {
  /** Events that the follower read: they are not read again for the log. */
  happened(events: HistoryEvent[]): void;
  /** When the execution has ended and the late lines are in, or `signal` fired; never rejects for a log that fails. */
  done: Promise<void>;
}

export function createWatchLogs(
  context: Context,
  target: Target,
  one: Followed,
  progress: Progress,
  signal: AbortSignal,
): WatchLogs {
  let events: HistoryEvent[] = [];
  const takeEvents = (): HistoryEvent[] => {
    const taken = events;
    events = [];
    return taken;
  };
  const tail = async (): Promise<void> => {
    const found = await sourcesOfExecution(context, target, one.executionArn);
    const read = createLogReader({ errors: false });
    await tailLogs(target.gateways.logs, {
      ...found,
      newEvents: takeEvents,
      follow: true,
      signal,
      clock: context.clock,
      pollMilliseconds: target.pollMilliseconds,
      onLines: (lines) =>
        progress.logged(
          one,
          lines.flatMap((line) => read(line) ?? []),
        ),
      onMissing: (group) => progress.noted(one, `There is no log group ${group} (yet).`),
    });
  };
  return {
    happened(more) {
      events = events.concat(more);
    },
    done: tail().catch((error: unknown) => {
      if (!(error instanceof FlowError)) throw error;
      progress.noted(one, `No log lines: ${oneLine(error.message)}`);
    }),
  };
}
