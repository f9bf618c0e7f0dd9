import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { FlowError } from '../../errors.js';
import type { Gateways } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import { createStateNamer, type NamedEvent } from '../../workflow/history/event-filter.js';
import type { LogLine } from '../../workflow/logs/log-line.js';
import { isExpress } from '../../workflow/names/arn.js';
import { explainMapRuns } from '../follow/explain-map-runs.js';
import { followAnyExecution } from '../follow/follow-any.js';
import { logsOfExecution } from '../follow/logs-of-reference.js';
import { createEventReader } from '../follow/new-events.js';
import { tailLogs } from '../follow/tail-logs.js';
import type { OpenedExecution } from './snapshot.js';

export interface Opening {
  gateways: Pick<Gateways, 'states' | 'logs' | 'functions'>;
  signal: AbortSignal;
  clock: Clock;
  pollMilliseconds: number;
  /** Something is new in `opened`. */
  onChange(): void;
}

/** The newest ones are kept; a long history is a map's, and its tree tells more. */
const MOST_EVENTS = 5_000;
/** Of a text in an event; whole ones are in the data. */
const LONGEST_TEXT = 1_000;

export const newlyOpened = (executionArn: string): OpenedExecution => ({
  executionArn,
  mapRuns: [],
  events: [],
  children: new Map(),
});

/** Follows an execution that was opened, until its end or `signal`. What can't be read is told in it. */
export async function followOpened(opened: OpenedExecution, opening: Opening, since?: number): Promise<void> {
  const { gateways, onChange } = opening;
  const { executionArn } = opened;
  const nameOf = createStateNamer();
  opened.events = [];
  try {
    await describeData(opened, opening);
    onChange();
    opened.model = await followAnyExecution(gateways, executionArn, {
      ...opening,
      since,
      explain: explainMapRuns(gateways.states, opening),
      onUpdate(model, mapRuns, events) {
        opened.model = model;
        opened.mapRuns = mapRuns;
        const named = events.map((event): NamedEvent => ({ event: shortened(event), ...nameOf(event) }));
        opened.events = [...opened.events, ...named].slice(-MOST_EVENTS);
        onChange();
      },
    });
    await describeData(opened, opening);
    opened.trouble = undefined;
  } catch (error) {
    if (opening.signal.aborted) return;
    if (!(error instanceof FlowError)) throw error;
    opened.trouble = error.message;
  }
  onChange();
}

async function describeData(opened: OpenedExecution, { gateways }: Opening): Promise<void> {
  if (isExpress(opened.executionArn)) return;
  const { input, output } = await gateways.states.describeExecution(opened.executionArn);
  opened.input = input;
  opened.output = output;
}

/** The same event, with no more of its texts than a line shows. */
function shortened(event: HistoryEvent): HistoryEvent {
  const cut = (value: unknown): unknown => {
    if (typeof value === 'string') return value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
    if (typeof value !== 'object' || value === null || value instanceof Date || Array.isArray(value))
      return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cut(one)]));
  };
  return cut(event) as HistoryEvent;
}

/** The definition that it ran by, for the picture. */
export async function readDefinition(
  opened: OpenedExecution,
  { gateways, onChange, signal }: Opening,
): Promise<void> {
  try {
    opened.definition = (
      await gateways.states.describeStateMachineForExecution(opened.executionArn)
    ).definition;
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof FlowError)) throw error;
    opened.trouble = error.message;
  }
  onChange();
}

const MOST_LINES = 5_000;

/** Its log lines, as long as it runs. */
export async function readLog(
  opened: OpenedExecution,
  { gateways, onChange, ...around }: Opening,
  textOf: (line: LogLine) => string[],
): Promise<void> {
  const { executionArn } = opened;
  const add = (lines: string[]): void => {
    opened.log = [...(opened.log ?? []), ...lines].slice(-MOST_LINES);
    onChange();
  };
  try {
    const found = await logsOfExecution(gateways, executionArn, around.clock.now());
    await tailLogs(gateways.logs, {
      ...found,
      ...around,
      follow: true,
      ...(!isExpress(executionArn) && { newEvents: createEventReader(gateways.states, executionArn) }),
      onLines: (lines) => add(lines.flatMap(textOf)),
      onMissing: (group) => add([`There is no log group ${group} (yet).`]),
    });
  } catch (error) {
    if (around.signal.aborted) return;
    if (!(error instanceof FlowError)) throw error;
    add([`No log lines: ${error.message}`]);
  }
}
