import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { isObject, parsedJson } from '../../json/json.js';
import { plainName } from '../definition/function-names.js';
import { detailsOf, textOf } from '../history/event-details.js';
import type { LogLine } from './log-line.js';

/** Clocks of AWS's services differ by a little, and a function's last lines come after its answer. */
const SLACK_MS = 2_000;

/** A function's call that failed: its answer tells no request id, so its lines are found by what else is known. */
export interface FailedCall {
  /** Plain name. */
  functionName: string;
  /** Epoch milliseconds. */
  from: number;
  to: number;
  /** What the function threw; undefined where it said nothing (a timeout). */
  message?: string;
}

/** Gathers failed calls from the events of a history, given in their order. */
export function createFailedCalls(): { take(event: HistoryEvent): FailedCall | undefined } {
  const scheduled = new Map<number, { functionName: string; from: number }>();
  return {
    take(event) {
      const { id, previousEventId, timestamp, type } = event;
      const details = detailsOf(event);
      if (type === 'LambdaFunctionScheduled' || type === 'TaskScheduled') {
        const functionName = functionOf(type, details);
        if (functionName !== undefined) scheduled.set(id, { functionName, from: timestamp });
        return undefined;
      }
      const call = scheduled.get(previousEventId);
      if (!call) return undefined;
      if (/^(Task|LambdaFunction)(Failed|TimedOut)$/.test(type))
        return { ...call, to: timestamp, message: messageOf(textOf(details.cause)) };
      // What comes between the order and its end stands in for it.
      if (/^(Task|LambdaFunction)(Started|Submitted)$/.test(type)) scheduled.set(id, call);
      return undefined;
    },
  };
}

function functionOf(type: string, details: Record<string, unknown>): string | undefined {
  if (type === 'LambdaFunctionScheduled') return plainNameOf(details.resource);
  const parameters = parsedJson(textOf(details.parameters));
  return isObject(parameters) ? plainNameOf(parameters.FunctionName) : undefined;
}

const plainNameOf = (name: unknown): string | undefined =>
  typeof name === 'string' ? plainName(name) : undefined;

/** Of a Lambda cause, `{"errorMessage": …}`, the message without what the platform puts before it. */
function messageOf(cause: string | undefined): string | undefined {
  const value = parsedJson(cause);
  const message = isObject(value) ? value.errorMessage : cause;
  return typeof message === 'string' && message.trim() !== ''
    ? message.replace(/^RequestId: \S+ (Error: )?/, '').trim()
    : undefined;
}

/**
 * The calls (by request id) that may be the one that failed: those of its function in its time, of these the ones that
 * say its error where any does. More than one where nothing tells them apart.
 */
export function callsThatFit(
  { functionName, from, to, message }: FailedCall,
  calls: Iterable<[requestId: string, lines: LogLine[]]>,
): string[] {
  const inTime = [...calls].filter(([, lines]) =>
    lines.some(
      ({ group, timestamp }) =>
        group.endsWith(functionName) && timestamp >= from - SLACK_MS && timestamp <= to + SLACK_MS,
    ),
  );
  const saying = inTime.filter(
    ([, lines]) => message !== undefined && lines.some((line) => says(line.message, message)),
  );
  const failing = inTime.filter(([, lines]) => lines.some(({ decoded }) => isError(decoded)));
  const fitting = [saying, failing, inTime].find((some) => some.length > 0) ?? [];
  return fitting.map(([requestId]) => requestId);
}

/** A log may have it as JSON, with quotes and line breaks escaped. */
const says = (line: string, message: string): boolean => {
  const [first = message] = message.split('\n');
  return line.includes(first) || line.includes(JSON.stringify(first).slice(1, -1));
};

const isError = (decoded: LogLine['decoded']): boolean =>
  decoded.kind === 'function' && /^(ERROR|FATAL)$/.test(decoded.level ?? '');
