import { followingOf } from '../../cli/import/follow-until.js';
import { watchJob } from '../../operations/import/jobs/show-job.js';
import { aborted } from '../../ports/aborted.js';
import { shownJobDocument } from '../../views/import/jobs.js';
import type { Console } from '../console.js';
import type { FillTopic } from '../streams/hub.js';

export function importTopics(console: Console): Record<string, FillTopic> {
  return { 'import-runs': runs(console), 'import-job': job(console) };
}

const runs =
  ({ importRuns, context }: Console): FillTopic =>
  async (_id, feed, signal) => {
    feed.replace(importRuns.all().map(({ row }) => [row.id, row]));
    feed.tell({ at: context.clock.now() });
    const stop = importRuns.onChange(({ row }) => feed.put(row.id, row));
    await aborted(signal);
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
