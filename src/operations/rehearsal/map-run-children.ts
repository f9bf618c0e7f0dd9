import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, failedWith } from '../../errors.js';
import { type Json, parsedJson } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import type { ExecutionSummary, Gateways } from '../../ports/aws.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import type { WayEnd } from '../../workflow/rehearsal/compare-ways.js';
import type { RecordedMapRun } from '../../workflow/rehearsal/recording.js';
import { endOf } from '../../workflow/rehearsal/rehearse.js';
import { readExpressLog } from '../follow/express-log.js';
import { resultFiles } from '../import/result-files.js';
import { sideBySide } from '../pace/concurrently.js';

export interface RecordedChild {
  executionArn?: string;
  /** JSON text. */
  input: string;
  end: WayEnd;
  /** Milliseconds. */
  took: number;
  /** Undefined where nobody has its history. */
  events(): Promise<readonly HistoryEvent[] | undefined>;
}

/** The children of a map run, by their inputs; read when they are asked for. */
export interface RecordedChildren {
  /** The next that was given this input; undefined: none was. */
  take(input: string): Promise<RecordedChild | undefined>;
  /** Inputs of all, as they began. */
  inputs(): Promise<string[]>;
}

type From = Pick<Gateways, 'states' | 'logs' | 'objects'>;

/** Histories that are read at a time. */
const AT_ONCE = 8;

export function recordedChildren(
  gateways: From,
  run: RecordedMapRun,
  { express, now }: { express: boolean; now: number },
): RecordedChildren {
  const byInput = new Map<string, RecordedChild[]>();
  const order: string[] = [];
  const known = (child: RecordedChild): void => {
    const key = keyOf(child.input);
    byInput.set(key, [...(byInput.get(key) ?? []), child]);
    order.push(child.input);
  };
  let left: ExecutionSummary[] | undefined;
  /** The next few; false where there are none. */
  const readMore = async (): Promise<boolean> => {
    if (!left) {
      left = [];
      // Of those that are EXPRESS nobody keeps a history.
      if (express) for (const child of await written(gateways, run, now)) known(child);
      else
        for await (const one of gateways.states.listExecutions({ mapRunArn: run.mapRunArn })) left.push(one);
      left.reverse();
      return left.length > 0 || order.length > 0;
    }
    const next = left.splice(0, AT_ONCE);
    const read: (RecordedChild | undefined)[] = [];
    await sideBySide(next.entries(), AT_ONCE, async ([at, { executionArn }]) => {
      read[at] = await childOf(gateways, executionArn);
    });
    for (const child of read) if (child) known(child);
    return next.length > 0;
  };
  return {
    async take(input) {
      const key = keyOf(input);
      while ((byInput.get(key)?.length ?? 0) === 0) if (!(await readMore())) return undefined;
      return byInput.get(key)?.shift();
    },
    async inputs() {
      while (await readMore());
      return order;
    },
  };
}

/** The same data is the same text. */
const keyOf = (text: string): string => jsonText(sorted(parsedJson(text) ?? text));

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

async function childOf(gateways: From, executionArn: string): Promise<RecordedChild | undefined> {
  const events: HistoryEvent[] = [];
  for await (const page of gateways.states.historyPages(executionArn))
    for (const event of page) events.push(event);
  const [first] = events;
  const input = first && textOf(detailsOf(first).input);
  if (!first || input === undefined) return undefined;
  const took = (events.at(-1)?.timestamp ?? 0) - first.timestamp || 0;
  return { executionArn, input, end: endOf(events), took, events: async () => events };
}

/** Those that no listing has (EXPRESS), as a ResultWriter wrote them. */
async function written(gateways: From, run: RecordedMapRun, now: number): Promise<RecordedChild[]> {
  const output = run.stateOutput === undefined ? undefined : parseWritten(run.stateOutput);
  const description = { mapRunArn: run.mapRunArn } as Parameters<typeof resultFiles>[3];
  const files = await resultFiles(gateways, { results: undefined }, findWriter(output), description);
  const children: RecordedChild[] = [];
  for await (const { ExecutionArn, Input, Output, Status, Error: error, Cause: cause } of files ?? [])
    children.push({
      executionArn: ExecutionArn,
      input: Input,
      end: { status: Status, output: Output, error, cause },
      took: 0,
      events: () => eventsOf(gateways, ExecutionArn, now),
    });
  return children;
}

/** Where in the state's output its ResultWriter's details are. */
function findWriter(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && 'ResultWriterDetails' in value) return value;
  for (const inner of Object.values(value)) {
    const found = findWriter(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function eventsOf(
  gateways: From,
  executionArn: string | undefined,
  now: number,
): Promise<readonly HistoryEvent[] | undefined> {
  if (executionArn === undefined) return undefined;
  try {
    return (await readExpressLog(gateways, executionArn, now)).events;
  } catch (error) {
    // Its machine logs nothing, or no longer has the lines.
    if (failedWith(error, exitCodes.usage, exitCodes.notFound)) return undefined;
    throw error;
  }
}
