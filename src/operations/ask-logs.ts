import type { Gateways, MapRunDescription } from '../aws/gateways.js';
import { FlowError } from '../errors.js';
import type { ImportMachine } from '../workflow/import-machine.js';
import { requestIdsIn } from '../workflow/log-decode.js';
import { digestOf, type FailedBatch, type FunctionCall } from '../workflow/row-ledger.js';
import { refusedRows } from '../workflow/row-log.js';
import { logGroupOf } from './find-logs.js';
import { sideBySide } from './side-by-side.js';

export interface LogAsker {
  machine: ImportMachine;
  mapRun: MapRunDescription | undefined;
  /** Late lines are waited for. */
  clock?: { sleep(ms: number): Promise<void> };
}

/** Batches that are asked about, each with one history at most: what fails in more of them hardly has more reasons. */
const mostBatches = 400;
/** A filter pattern has 1,024 characters at most. */
const idsPerPattern = 24;
/** Milliseconds for which CloudWatch may keep a line from its readers, in steps. */
export const lateness = [1_000, 2_000, 4_000];
/** Clocks of functions and of Step Functions differ a little; milliseconds. */
const around = 60_000;

/**
 * Which rows were refused and why, from the log of the function, for the batches whose reply told only how many. What
 * can't be found out stays as it is, and its reason says why: an import's outcome does not hang on its logs.
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
  let why = ', and its log does not either';
  const lines = new Map<string, string[]>();
  const idOf = new Map<FailedBatch, string>();
  try {
    await sideBySide(asked, 4, async (batch) => {
      const id = batch.call?.requestId ?? (await requestIdIn(gateways, batch.call));
      if (id !== undefined) idOf.set(batch, id);
    });
    await readLines(gateways, [...idOf.values()], asker, lines);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    why = `; its log could not be read: ${error.message}`;
  }
  return batches.map((batch) => {
    if (!untold.has(batch)) return batch;
    const notAsked = `; its log was asked of the first ${mostBatches} batches only`;
    const logged = refusedRows(lines.get(idOf.get(batch) ?? '') ?? []);
    if (logged.length === 0) return { ...batch, reason: batch.reason + (asked.has(batch) ? why : notAsked) };
    const rows = logged.map(({ item, ...row }) => ({
      ...row,
      ...(item !== undefined && { mark: digestOf([item]) }),
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
  lines: Map<string, string[]>,
): Promise<void> {
  const groups = await logGroupsOf(gateways, machine);
  const isWhole = (id: string): boolean => lines.get(id)?.some((line) => invocationEnd.test(line)) === true;
  for (const wait of [...(clock ? lateness : []), undefined]) {
    const wanted = requestIds.filter((id) => !isWhole(id));
    for (const id of wanted) lines.delete(id);
    for (let at = 0; at < wanted.length; at += idsPerPattern) {
      const ids = wanted.slice(at, at + idsPerPattern);
      for (const logGroup of groups) await readSome(gateways, logGroup, ids, mapRun, lines);
    }
    if (wait === undefined || requestIds.every(isWhole)) return;
    await clock?.sleep(wait);
  }
}

/** Of the functions that the machine's children call. */
export async function logGroupsOf({ functions }: Gateways, machine: ImportMachine): Promise<Set<string>> {
  const groups = new Set<string>();
  for (const name of machine.functions) groups.add(await logGroupOf(functions, name));
  return groups;
}

/** When the children of a map run may have logged. */
export const timesOf = (mapRun: MapRunDescription | undefined) => ({
  ...(mapRun && { startTime: mapRun.startDate.getTime() - around }),
  ...(mapRun?.stopDate && { endTime: mapRun.stopDate.getTime() + around }),
});

/** The last that Lambda itself writes of an invocation, as text and as JSON. */
const invocationEnd = /^(?:END|REPORT) RequestId:|"platform\.report"/;

async function readSome(
  { logs }: Gateways,
  logGroup: string,
  ids: string[],
  mapRun: MapRunDescription | undefined,
  lines: Map<string, string[]>,
): Promise<void> {
  const filter = { logGroup, filterPattern: ids.map((id) => `?"${id}"`).join(' '), ...timesOf(mapRun) };
  for await (const page of logs.filterPages(filter)) {
    for (const { message } of page) {
      const id = ids.find((one) => message.includes(one));
      if (id !== undefined) lines.set(id, [...(lines.get(id) ?? []), message]);
    }
  }
}
