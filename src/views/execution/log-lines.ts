import { createStateNamer, isFailure } from '../../workflow/history/event-filter.js';
import { redactTokens } from '../../workflow/history/redact.js';
import type { LogLine } from '../../workflow/logs/log-line.js';
import { machineName, machineOfExecution } from '../../workflow/names/arn.js';
import { typedName } from '../../workflow/names/typed-name.js';
import { paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { clockText, type Zone, zonedTime } from '../text/time.js';
import { createDayHeading, whatHappened } from './history.js';
import { platformText } from './platform-line.js';
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

export interface LogLook extends Zone {
  color: boolean;
  /** On a terminal the day stands above the lines; in a pipe each line has its whole time. */
  stdoutIsTTY: boolean;
  /** Epoch milliseconds from which times count, instead of the clock's. */
  from?: number;
  /** Lines of several executions: each is named, instead of its machine. */
  several?: boolean;
  /** The platform's lines (START, END, REPORT) as they are. */
  raw?: boolean;
}

/** Lines as they come, each under its day; none for what the platform says and no reader needs. */
export function createLogLines(look: LogLook): (document: LogDocument) => string[] {
  const ink = paint(look.color);
  const dayHeading = createDayHeading(look);
  const inkOf = new Map<string, (text: string) => string>();
  const sourceInk = (source: string): ((text: string) => string) => {
    const known = inkOf.get(source) ?? ink[sourceColors[inkOf.size % sourceColors.length] ?? 'cyan'];
    inkOf.set(source, known);
    return known;
  };
  const timeOf = (at: number): string => {
    if (look.from !== undefined) return sinceStart(at - look.from);
    return look.stdoutIsTTY ? clockText(at, look) : zonedTime(at, look);
  };
  return (document) => {
    const { timestamp, type, stateName, level, message } = document;
    const platform = look.raw || type ? undefined : platformText(message);
    if (platform === '') return [];
    const at = timestamp === null ? Number.NaN : Date.parse(timestamp);
    const source = sourceOf(document, look.several);
    const text = [type, stateName, platform === undefined ? level : undefined, platform ?? message]
      .filter(Boolean)
      .map((part) => oneLine(String(part)))
      .join('  ');
    const shown = isError(document) ? ink.red(text) : platform === undefined ? text : ink.dim(text);
    const line = `${ink.dim(timeOf(at))}  ${sourceInk(source)(oneLine(source))}  ${shown}`;
    return [...(look.stdoutIsTTY && look.from === undefined ? dayHeading(at) : []), line];
  };
}

const sourceColors = ['cyan', 'magenta', 'green', 'yellow'] as const;

/** The machine (or execution) whose event it is, or the function whose log group. */
function sourceOf({ executionArn, logGroup }: LogDocument, several = false): string {
  if (executionArn === undefined) return logGroup.split('/').at(-1) || logGroup;
  return several ? typedName(executionArn) : machineName(machineOfExecution(executionArn));
}

/** `+12.345 s`, from the start of what is looked at. */
function sinceStart(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return '-';
  const seconds = (Math.abs(milliseconds) / 1000).toFixed(3);
  return `${milliseconds < 0 ? '-' : '+'}${seconds} s`.padStart(12);
}
