import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import { isFailure, type NamedEvent, payloadsOf } from '../../workflow/history/event-filter.js';
import { valueAt } from '../../workflow/history/path-value.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { count } from '../states/map-progress.js';
import { padded, truncate } from '../text/fit.js';
import { colors, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { iso } from './show-document.js';

export interface HistoryLook {
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

/** One event on one line; undefined where `path` is asked for and leads nowhere. */
export function historyLine({ event, stateName = '' }: NamedEvent, look: HistoryLook): string | undefined {
  const data = dataText(event, look);
  if (data === undefined) return undefined;
  const ink = paint(look.color);
  const failed = isFailure(event.type);
  const type = padded(oneLine(event.type), TYPE_COLUMNS);
  const head = `${String(event.id).padStart(6)}  ${iso(event.timestamp) ?? '-'}  `;
  const state = padded(oneLine(stateName), STATE_COLUMNS);
  const rest = [whatHappened(event), data].filter(Boolean).join('  ');
  const room =
    look.columns === undefined
      ? Number.POSITIVE_INFINITY
      : look.columns - head.length - TYPE_COLUMNS - STATE_COLUMNS - 4;
  const shown = room === Number.POSITIVE_INFINITY ? rest : truncate(rest, Math.max(0, room));
  return `${ink.dim(head)}${failed ? ink[colors.failed](type) : type}  ${state}  ${failed ? ink[colors.failed](shown) : ink.dim(shown)}`.trimEnd();
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
export const historyDocument = (event: HistoryEvent): Record<string, unknown> => ({
  ...event,
  timestamp: iso(event.timestamp),
});
