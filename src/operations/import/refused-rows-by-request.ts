import { digestOfRows, type FailedBatch, type FunctionCall } from '../../framework/import/row-ledger.js';
import { refusedRows } from '../../framework/import/row-log.js';
import type { Gateways, LogEvent, MapRunDescription } from '../../ports/aws.js';
import { requestIdsIn } from '../../workflow/logs/decode-line.js';
import { createAttribution } from '../../workflow/logs/invocation-lines.js';
import { sideBySide } from '../pace/concurrently.js';
import { type LogAsker, logGroupsOf, readWhileLate, timesOf, whyUntold } from './late-log-lines.js';

/** Batches that are asked about, each with one history at most: what fails in more of them hardly has more reasons. */
const mostBatches = 400;
/** A filter pattern has 1,024 characters at most. */
const idsPerPattern = 24;

/**
 * Which rows were refused and why, from the log of the function, for the batches whose reply told only how many. What
 * can't be found out stays as it is, and its reason says why.
 */
export async function askLogs(
  gateways: Gateways,
  batches: FailedBatch[],
  asker: LogAsker,
): Promise<FailedBatch[]> {
  const untold = new Set(
    batches.filter(({ call }) => call?.requestId !== undefined || call?.executionArn !== undefined),
  );
  const asked = new Set([...untold].slice(0, mostBatches));
  if (asked.size === 0 || asker.machine.functions.length === 0) return batches;
  const lines = new Map<string, LogEvent[]>();
  const idOf = new Map<FailedBatch, string>();
  const why = await whyUntold(async () => {
    await sideBySide(asked, 4, async (batch) => {
      const id = batch.call?.requestId ?? (await requestIdIn(gateways, batch.call));
      if (id !== undefined) idOf.set(batch, id);
    });
    await readLines(gateways, [...idOf.values()], asker, lines);
    await readBetween(gateways, lines, asker);
  });
  return batches.map((batch) => {
    if (!untold.has(batch)) return batch;
    const notAsked = `; its log was read for the first ${mostBatches} batches only`;
    const logged = refusedRows((lines.get(idOf.get(batch) ?? '') ?? []).map(({ message }) => message));
    if (logged.length === 0) return { ...batch, reason: batch.reason + (asked.has(batch) ? why : notAsked) };
    const rows = logged.map(({ item, ...row }) => ({
      ...row,
      ...(item !== undefined && { mark: digestOfRows([item]) }),
    }));
    return { ...batch, rows: [...batch.rows, ...rows] };
  });
}

/** Of the last answer that the child's function gave. */
async function requestIdIn(
  { states }: Gateways,
  call: FunctionCall | undefined,
): Promise<string | undefined> {
  if (call?.executionArn === undefined) return undefined;
  for await (const page of states.historyPages(call.executionArn, { reverse: true })) {
    for (const event of page) {
      const id = event.type === 'TaskSucceeded' ? requestIdsIn(event).at(-1) : undefined;
      if (id !== undefined) return id;
    }
  }
  return undefined;
}

/** Adds what the functions logged under these request ids. */
async function readLines(
  gateways: Gateways,
  requestIds: string[],
  { machine, mapRun, clock }: LogAsker,
  lines: Map<string, LogEvent[]>,
): Promise<void> {
  const groups = await logGroupsOf(gateways, machine);
  const isWhole = (id: string): boolean =>
    lines.get(id)?.some(({ message }) => invocationEnd.test(message)) === true;
  await readWhileLate(clock, async () => {
    const wanted = requestIds.filter((id) => !isWhole(id));
    for (const id of wanted) lines.delete(id);
    for (let at = 0; at < wanted.length; at += idsPerPattern) {
      const ids = wanted.slice(at, at + idsPerPattern);
      for (const logGroup of groups) await readSome(gateways, logGroup, ids, mapRun, lines);
    }
    return requestIds.every(isWhole);
  });
}

/** Invocations whose lines are read by their place, when none of them bears the request's id. */
const mostByPlace = 100;

/** Adds to lines that tell nothing those that stand between them in their streams: an app may log without any id. */
async function readBetween(
  { logs }: Gateways,
  lines: Map<string, LogEvent[]>,
  { machine, mapRun }: LogAsker,
): Promise<void> {
  if (machine.functions.length === 0) return;
  const mute = [...lines].filter(
    ([, events]) => refusedRows(events.map(({ message }) => message)).length === 0,
  );
  for (const [id, events] of mute.slice(0, mostByPlace)) {
    const [first] = events;
    const last = events.at(-1);
    if (!first || !last) continue;
    const { logGroup, logStream } = first;
    const attribution = createAttribution();
    const between: LogEvent[] = [];
    const filter = {
      ...timesOf(mapRun),
      logGroup,
      logStreamNames: [logStream],
      startTime: first.timestamp,
      endTime: last.timestamp,
    };
    for await (const page of logs.filterPages(filter))
      for (const event of page) if (attribution.requestOf(event) === id) between.push(event);
    lines.set(id, between);
  }
}

/** The last that Lambda itself writes of an invocation, as text and as JSON. */
const invocationEnd = /^(?:END|REPORT) RequestId:|"platform\.report"/;

async function readSome(
  { logs }: Gateways,
  logGroup: string,
  ids: string[],
  mapRun: MapRunDescription | undefined,
  lines: Map<string, LogEvent[]>,
): Promise<void> {
  const filter = { logGroup, filterPattern: ids.map((id) => `?"${id}"`).join(' '), ...timesOf(mapRun) };
  for await (const page of logs.filterPages(filter)) {
    for (const event of page) {
      const id = ids.find((one) => event.message.includes(one));
      if (id !== undefined) lines.set(id, [...(lines.get(id) ?? []), event]);
    }
  }
}
