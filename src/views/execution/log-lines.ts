import { createStateNamer, isFailure } from '../../workflow/history/event-filter.js';
import type { LogLine } from '../../workflow/history/log-tail.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { type Zone, zonedTime } from '../text/time.js';
import { whatHappened } from './history.js';
import { iso } from './show-document.js';

export interface LogFilter {
  /** A text in the line. */
  text?: string;
  state?: string;
  /** Failures of executions, errors of functions. */
  errors: boolean;
}

/** What `-o json` says of a line. */
export interface LogDocument {
  timestamp: string | null;
  logGroup: string;
  executionArn?: string;
  stateName?: string;
  type?: string;
  level?: string;
  requestId?: string;
  /** Lines are missing here. */
  sampled?: boolean;
  message: string;
}

/** Reads lines, in the order of time; undefined for those that are filtered out. */
export function createLogReader(filter: LogFilter): (line: LogLine) => LogDocument | undefined {
  const namers = new Map<string, ReturnType<typeof createStateNamer>>();
  return ({ group, timestamp, message, decoded }) => {
    let document: LogDocument = { timestamp: iso(timestamp), logGroup: group, message: '' };
    if (decoded.kind === 'event') {
      const { event, executionArn } = decoded;
      const namer = namers.get(executionArn) ?? createStateNamer();
      namers.set(executionArn, namer);
      document = {
        ...document,
        executionArn,
        stateName: namer(event).stateName,
        type: event.type,
        message: whatHappened(event),
      };
    } else {
      const { level, requestId } = decoded;
      document = { ...document, level, requestId, message: redactTokens(decoded.message) };
    }
    if (filter.text !== undefined && !message.includes(filter.text)) return undefined;
    if (filter.state !== undefined && document.stateName !== filter.state) return undefined;
    return filter.errors && !isError(document) ? undefined : document;
  };
}

const isError = ({ type, level = '' }: LogDocument): boolean =>
  type ? isFailure(type) : /^(ERROR|FATAL|CRITICAL)$/.test(level);

/** Told in the stream itself, where the lines are missing. `now`: epoch milliseconds. */
export const gapDocument = (now: number): LogDocument => ({
  timestamp: iso(now),
  logGroup: '…',
  sampled: true,
  message: 'lines of this second are left out: more than 500 came, and AWS sampled them',
});

export function logLine(document: LogDocument, look: Zone & { color: boolean }): string {
  const { timestamp, logGroup, executionArn, stateName, type, level, message } = document;
  const ink = paint(look.color);
  const source = executionArn ? (executionArn.split(':')[7] ?? '') : (logGroup.split('/').at(-1) ?? logGroup);
  const text = [type, stateName, level, message]
    .filter(Boolean)
    .map((part) => oneLine(String(part)))
    .join('  ');
  return `${ink.dim(zonedTime(timestamp === null ? undefined : new Date(timestamp), look))}  ${ink.cyan(oneLine(source))}  ${isError(document) ? ink.red(text) : text}`;
}
