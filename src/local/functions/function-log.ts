import { randomBytes } from 'node:crypto';
import type { LogEvent } from '../ports.js';

export interface FunctionLogOptions {
  memoryMB: number;
  /** Epoch milliseconds. */
  now: () => number;
  write: (stream: string, events: LogEvent[]) => void;
}

export interface Outcome {
  /** JSON text. */
  payload: string;
  failed: boolean;
  durationMs: number;
  /** Of the environment's first request: what loading took. */
  initMs?: number;
  memoryBytes?: number;
}

export interface FunctionLog {
  stream: string;
  started(requestId: string): void;
  /** What the function's console was told; `requestId` is absent while the module loads. */
  told(level: string, text: string, requestId: string | undefined): void;
  /** A line that did not come through the console. */
  line(text: string): void;
  /** Answers with all that the log has of the request. */
  ended(requestId: string, outcome: Outcome): string;
}

/** Lines wait so long for others, unless their request ends. */
const gatherMs = 100;

/** The log stream of one execution environment, in the lines that Lambda's Node.js runtime writes. */
export function createFunctionLog({ memoryMB, now, write }: FunctionLogOptions): FunctionLog {
  const day = new Date(now()).toISOString().slice(0, 10).replaceAll('-', '/');
  const stream = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
  let gathered: LogEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** What was written while a request was under way. */
  const open = new Map<string, string[]>();

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length > 0) write(stream, gathered);
    gathered = [];
  };
  const add = (message: string): void => {
    if (message !== '') gathered.push({ timestamp: now(), message });
    for (const lines of open.values()) lines.push(message);
    timer ??= setTimeout(flush, gatherMs);
    timer.unref();
  };
  const time = (): string => new Date(now()).toISOString();

  return {
    stream,
    started(requestId) {
      open.set(requestId, []);
      add(`START RequestId: ${requestId} Version: $LATEST\n`);
    },
    told: (level, text, requestId) => add(`${time()}\t${requestId}\t${level}\t${text}\n`),
    line: (text) => add(`${text}\n`),
    ended(requestId, outcome) {
      if (outcome.failed) add(failureLine(time(), requestId, outcome.payload));
      add(`END RequestId: ${requestId}\n`);
      add(reportLine(requestId, memoryMB, outcome));
      flush();
      const lines = open.get(requestId) ?? [];
      open.delete(requestId);
      return lines.join('');
    },
  };
}

const MOST_OF_TAIL = 4096;

/** As Lambda's `LogType: Tail` answers with a log. */
export const logResult = (text: string): string =>
  Buffer.from(text).subarray(-MOST_OF_TAIL).toString('base64');

function failureLine(time: string, requestId: string, payload: string): string {
  const { errorType, errorMessage, trace } = JSON.parse(payload) as {
    errorType: string;
    errorMessage: string;
    trace?: string[];
  };
  if (errorType === 'Sandbox.Timedout')
    return `${time} ${requestId} ${errorMessage.replace(/^RequestId: \S+ Error: /, '')}\n\n`;
  if (errorType === 'Runtime.ExitError') return `${errorMessage}\n${errorType}\n`;
  const told = JSON.stringify({ errorType, errorMessage, stack: trace ?? [] });
  return `${time}\t${requestId}\tERROR\tInvoke Error \t${told}\n`;
}

function reportLine(requestId: string, memoryMB: number, outcome: Outcome): string {
  const { durationMs, initMs, memoryBytes = 0 } = outcome;
  const used = Math.min(Math.ceil(memoryBytes / (1 << 20)), memoryMB);
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs)} ms`,
    `Memory Size: ${memoryMB} MB`,
    `Max Memory Used: ${used} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    '\n',
  ].join('\t');
}
