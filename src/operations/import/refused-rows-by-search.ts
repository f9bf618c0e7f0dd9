import { digestOfRows, type FailedBatch } from '../../framework/import/row-ledger.js';
import { refusedRows } from '../../framework/import/row-log.js';
import type { Gateways } from '../../ports/aws.js';
import { decodeLine } from '../../workflow/logs/decode-line.js';
import { type LogAsker, logGroupsOf, readWhileLate, timesOf, whyUntold } from './late-log-lines.js';

/** Of one log group. */
const mostPages = 50;

/**
 * The same for the children that nobody can ask for their request (EXPRESS ones): what was refused while the map ran is
 * read from the log, and told of a batch by the rows themselves, where the log holds them.
 */
export async function searchLogs(
  gateways: Gateways,
  batches: FailedBatch[],
  { machine, mapRun, clock }: LogAsker,
): Promise<FailedBatch[]> {
  const failed = batches.filter(isMute).reduce((sum, batch) => sum + batch.failed, 0);
  if (failed === 0 || machine.functions.length === 0) return batches;
  const logged = new Map<string, string>();
  const why = await whyUntold(async () => {
    const groups = await logGroupsOf(gateways, machine);
    await readWhileLate(clock, async () => {
      for (const logGroup of groups) await readRefused(gateways, { logGroup, ...timesOf(mapRun) }, logged);
      return logged.size >= failed;
    });
  });
  return batches.map((batch) =>
    isMute(batch) ? { ...batch, logged, reason: `${batch.reason}${why}` } : batch,
  );
}

const isMute = ({ call }: FailedBatch): boolean =>
  call !== undefined && call.requestId === undefined && call.executionArn === undefined;

async function readRefused(
  { logs }: Gateways,
  where: { logGroup: string; startTime?: number; endTime?: number },
  logged: Map<string, string>,
): Promise<void> {
  const requests = new Map<string, string[]>();
  let pages = 0;
  for await (const page of logs.filterPages({ ...where, filterPattern: '?Row ?error' })) {
    for (const { message, logStream } of page) {
      const decoded = decodeLine(message);
      const id = (decoded.kind === 'function' && decoded.requestId) || logStream;
      const lines = requests.get(id);
      if (lines) lines.push(message);
      else requests.set(id, [message]);
    }
    if (++pages === mostPages) break;
  }
  for (const lines of requests.values())
    for (const { item, reason } of refusedRows(lines))
      if (item !== undefined) logged.set(digestOfRows([item]), reason);
}
