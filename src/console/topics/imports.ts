import { followingOf } from '../../cli/import/following.js';
import { watchJob } from '../../operations/import/jobs/show-job.js';
import type { ExecutionSummary } from '../../ports/aws.js';
import { rest } from '../../ports/retry.js';
import { shownJobDocument } from '../../views/import/jobs.js';
import { mapRunProgress } from '../../views/states/map-progress.js';
import type { MapRunRow } from '../api.js';
import type { Console } from '../console.js';
import type { FillTopic } from '../streams/hub.js';

/** Children of a map run that are listed: those that failed first. */
const MOST_CHILDREN = 200;
/** Milliseconds between two looks at a map run. */
const LOOK = { local: 700, aws: 5_000 };

export function importTopics(console: Console): Record<string, FillTopic> {
  return { 'import-runs': runs(console), 'import-job': job(console), 'map-run': mapRun(console) };
}

const runs =
  ({ importRuns, context }: Console): FillTopic =>
  async (_id, feed, signal) => {
    feed.replace(importRuns.all().map(({ row }) => [row.id, row]));
    feed.tell({ at: context.clock.now() });
    const stop = importRuns.onChange(({ row }) => feed.put(row.id, row));
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    stop();
  };

const job =
  ({ target, context: { clock } }: Console): FillTopic =>
  async (id, feed, signal) => {
    const connected = await target();
    const shown = watchJob(id, {
      gateways: connected.gateways,
      table: connected.tableName('import_tmp'),
      machineArn: connected.machineArn,
      following: await followingOf(connected, undefined),
      clock,
      signal,
      pollMilliseconds: connected.pollMilliseconds,
    });
    for await (const one of shown) {
      feed.put(id, shownJobDocument(one));
      feed.tell({ at: clock.now() });
    }
  };

const mapRun =
  ({ target, context: { clock } }: Console): FillTopic =>
  async (arn, feed, signal) => {
    const { gateways, loopback } = await target();
    for (;;) {
      const run = await gateways.states.describeMapRun(arn);
      const children: ExecutionSummary[] = [];
      for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED', 'RUNNING', 'SUCCEEDED'] as const) {
        const atMost = MOST_CHILDREN - children.length;
        if (atMost <= 0) break;
        for await (const child of gateways.states.listExecutions({ mapRunArn: arn, status, atMost }))
          children.push(child);
      }
      const { rate } = mapRunProgress(run, clock.now());
      feed.put(arn, {
        mapRunArn: arn,
        executionArn: run.executionArn,
        status: run.status,
        startDate: run.startDate.toISOString(),
        stopDate: run.stopDate?.toISOString() ?? null,
        maxConcurrency: run.maxConcurrency,
        items: { ...run.itemCounts },
        executions: { ...run.executionCounts },
        rate: rate ?? null,
        children: children.map(({ executionArn, name, status, startDate, stopDate }) => ({
          executionArn,
          name,
          status,
          startDate: startDate.toISOString(),
          stopDate: stopDate?.toISOString() ?? null,
        })),
      } satisfies MapRunRow);
      feed.tell({ at: Math.floor(clock.now() / 1_000) * 1_000 });
      if (run.status !== 'RUNNING') return;
      await rest({ clock, signal }, loopback ? LOOK.local : LOOK.aws);
      if (signal.aborted) return;
    }
  };
