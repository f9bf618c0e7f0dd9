import type { HistoryEvent } from '../asl/history-event.js';
import { decodeLine, requestIdsIn } from './log-decode.js';
import type { LogLine } from './log-tail.js';

export interface ExecutionLines {
  /** Takes the execution's events as they come: they tell its functions' request ids, and its end. */
  learn(events: HistoryEvent[]): void;
  /** Of lines of a machine and its functions, those that are the execution's; some are told later than given. */
  take(lines: LogLine[]): LogLine[];
  readonly ended: boolean;
}

/** Picks one execution's lines: a function's are known once its answer is in the history. */
export function createExecutionLines(executionArn: string): ExecutionLines {
  const known = new Set<string>();
  const held = new Map<string, LogLine[]>();
  let ended = false;
  return {
    learn(events) {
      for (const id of events.flatMap(requestIdsIn)) known.add(id);
      const last = events.at(-1);
      if (last) ended = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(last.type);
    },
    take(lines) {
      const mine: LogLine[] = [];
      for (const line of lines) {
        const decoded = decodeLine(line.message);
        if (decoded.kind === 'event') {
          if (decoded.executionArn === executionArn) mine.push(line);
        } else if (decoded.requestId !== undefined) {
          if (line.message.includes(executionArn)) known.add(decoded.requestId);
          held.set(decoded.requestId, [...(held.get(decoded.requestId) ?? []), line]);
        }
      }
      for (const [id, waiting] of held) {
        if (!known.has(id)) continue;
        mine.push(...waiting);
        held.delete(id);
      }
      return mine.sort((a, b) => a.timestamp - b.timestamp);
    },
    get ended() {
      return ended;
    },
  };
}

/** The events that vended lines tell. */
export const eventsTold = (lines: LogLine[]): HistoryEvent[] =>
  lines.flatMap(({ message }) => {
    const decoded = decodeLine(message);
    return decoded.kind === 'event' ? [decoded.event] : [];
  });
