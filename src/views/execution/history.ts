import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import { isFailure, type NamedEvent, payloadsOf } from '../../workflow/history/event-filter.js';
import { valueAt } from '../../workflow/history/path-value.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { count } from '../states/map-progress.js';
import { colors, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { clockText, timeHead, type Zone, zonedTime } from '../text/time.js';
import { padded, truncate, widthOf } from '../text/width.js';
import { iso } from './show-document.js';

export interface HistoryLook extends Zone {
  color: boolean;
  /** Lines are cut here; undefined in a pipe. */
  columns?: number;
  /** Payloads are shown. */
  data: boolean;
  /** Instead of the payloads: what stands at this path in them. */
  path?: string;
}

const TYPE_COLUMNS = 26;
const STATE_COLUMNS = 24;
/** With less room than this beside an event, what happened stands below it. */
const LEAST_ROOM = 40;

/**
 * One event: on one line in a pipe, and on a terminal that is wide enough; else what happened stands under it, for
 * failures and payloads. Undefined where `path` is asked for and leads nowhere.
 */
export function historyLines(named: NamedEvent, look: HistoryLook): string[] | undefined {
  const { event, stateName = '', iterations = [] } = named;
  const data = dataText(event, look);
  if (data === undefined) return undefined;
  const ink = paint(look.color);
  const emphasis = isFailure(event.type) ? ink[colors.failed] : undefined;
  const time =
    look.columns === undefined ? zonedTime(event.timestamp, look) : clockText(event.timestamp, look);
  const head = `${String(event.id).padStart(6)}  ${time}  `;
  const type = padded(oneLine(event.type), TYPE_COLUMNS);
  const state = padded(
    `${oneLine(stateName)}${iterations.map((index) => `[${index}]`).join('')}`,
    STATE_COLUMNS,
  );
  const rest = [whatHappened(event), data].filter(Boolean).join('  ');
  const line = `${ink.dim(head)}${emphasis ? emphasis(type) : type}  ${state}`;
  const shown = (columns: number): string => (emphasis ?? ink.dim)(truncate(rest, columns));
  if (look.columns === undefined) return [`${line}  ${shown(Number.POSITIVE_INFINITY)}`.trimEnd()];
  const room = look.columns - head.length - TYPE_COLUMNS - STATE_COLUMNS - 4;
  if (rest === '' || widthOf(rest) <= room || room >= LEAST_ROOM)
    return [`${line}  ${shown(room)}`.trimEnd()];
  return [line.trimEnd(), `        ${shown(look.columns - 8)}`];
}

/** On a terminal the day and the zone are named once, and again when the day changes. */
export function createDayHeading(look: Zone & { color: boolean }): (timestamp: number) => string[] {
  let last = '';
  return (timestamp) => {
    const day = zonedTime(timestamp, look).slice(0, 10);
    if (day === last || day === '-') return [];
    last = day;
    return [paint(look.color).dim(timeHead(day, [timestamp], look))];
  };
}

/** What the details say besides payloads. */
export function whatHappened(event: HistoryEvent): string {
  const details = detailsOf(event);
  const told: string[] = [];
  if (details.error !== undefined || details.cause !== undefined) {
    const error = textOf(details.error);
    const { message, type } = decodeFailure(error, textOf(details.cause));
    told.push(`${type && type !== message ? `${type}: ` : ''}${message}`);
  }
  if (typeof details.index === 'number') told.push(`item ${details.index}`);
  if (typeof details.length === 'number') told.push(`${count(details.length)} items`);
  const resource = textOf(details.resource);
  if (resource) told.push([textOf(details.resourceType), resource].filter(Boolean).join(':'));
  for (const key of ['mapRunArn', 'workerName', 'location', 'redriveCount']) {
    if (details[key] !== undefined) told.push(`${key} ${textOf(details[key])}`);
  }
  return oneLine(redactTokens(told.join('  ')));
}

function dataText(event: HistoryEvent, { data, path }: HistoryLook): string | undefined {
  if (path !== undefined) {
    const found = payloadsOf(event).flatMap(([name, text]) => {
      const value = valueAt(path, text);
      return value === undefined ? [] : [`${name} ${JSON.stringify(value)}`];
    });
    return found.length > 0 ? found.join('  ') : undefined;
  }
  if (!data) return '';
  return payloadsOf(event)
    .map(([name, text]) => `${name} ${oneLine(text)}`)
    .join('  ');
}

/** An event as `-o json` has it: AWS's own, times as ISO 8601. */
export const historyDocument = (event: HistoryEvent) => ({
  ...event,
  timestamp: iso(event.timestamp),
});
