import type { ExecutionSummary, MapRunDescription } from '../../ports/aws.js';
import { rest } from '../../ports/retry.js';
import { mapRunProgress } from '../../views/states/map-progress.js';
import type { MapItemRow, MapRunRow } from '../api.js';
import type { Console } from '../console.js';
import type { FillTopic } from '../streams/hub.js';
import { createBell } from './woken-clock.js';

/** Milliseconds between two looks at one that runs, at least; a list of many pages is read as much less often. */
const LOOK = { local: 150, aws: 5_000 };
/** At one that ended: it may be redriven. Where changes are told, none is needed. */
const ENDED_LOOK = 30_000;
/** So much of the time is spent on reading, at most. */
const SHARE = { local: 1 / 5, aws: 1 / 20 };

/** `map-run:<arn>` how far it is, `map-items:<arn>` its executions. */
export function mapRunTopics(console: Console): Record<string, FillTopic> {
  return {
    'map-run': looking(console, async (run, feed) => {
      feed.put(run.mapRunArn, rowOf(run, console.context.clock.now()));
    }),
    'map-items': looking(console, async (run, feed) => {
      const { states } = (await console.target()).gateways;
      const rows: [string, MapItemRow][] = [];
      for await (const child of states.listExecutions({ mapRunArn: run.mapRunArn }))
        rows.push([child.executionArn, itemOf(child)]);
      // The list has the newest first.
      feed.replace(rows.reverse());
    }),
  };
}

/** Looks at a map run, and again as long as it runs, and where it is redriven. */
const looking =
  (
    { target, desk, context: { clock } }: Console,
    take: (run: MapRunDescription, feed: Parameters<FillTopic>[1]) => Promise<void>,
  ): FillTopic =>
  async (arn, feed, signal) => {
    const { gateways, loopback, changes } = await target();
    const place = loopback ? 'local' : 'aws';
    const bell = createBell(clock);
    const children = arn.replace(':mapRun:', ':execution:').replace(/:[^:]*$/, ':');
    const stop = changes
      ? desk.onChange(({ all, executionArns }) => {
          if (all || executionArns.some((one) => one.startsWith(children))) bell.ring();
        })
      : () => {};
    try {
      while (!signal.aborted) {
        const begun = clock.now();
        const run = await gateways.states.describeMapRun(arn);
        await take(run, feed);
        feed.tell({ at: Math.floor(clock.now() / 1_000) * 1_000 });
        const took = clock.now() - begun;
        const running = run.status === 'RUNNING';
        if (running) await rest({ clock, signal }, Math.max(LOOK[place], took / SHARE[place]));
        if (changes || !running) await bell.pause(changes ? undefined : ENDED_LOOK, signal);
      }
    } finally {
      stop();
    }
  };

const rowOf = (run: MapRunDescription, now: number): MapRunRow => ({
  mapRunArn: run.mapRunArn,
  executionArn: run.executionArn,
  status: run.status,
  startDate: run.startDate.toISOString(),
  stopDate: run.stopDate?.toISOString() ?? null,
  maxConcurrency: run.maxConcurrency,
  items: { ...run.itemCounts },
  executions: { ...run.executionCounts },
  rate: mapRunProgress(run, now).rate ?? null,
});

const itemOf = ({ name, status, startDate, stopDate }: ExecutionSummary): MapItemRow => ({
  name,
  status,
  from: startDate.getTime(),
  to: stopDate?.getTime() ?? null,
});
