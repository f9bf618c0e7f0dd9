import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { requestIdsIn } from './decode-line.js';
import { callsThatFit, createFailedCalls, type FailedCall } from './failed-calls.js';
import { inOrder } from './line-order.js';
import type { LogLine } from './log-line.js';

export interface ExecutionLines {
  /**
   * Of lines of a machine and its functions, those that are the execution's; some are told later than given.
   * @param news events of its history that came since: they tell its functions' request ids, and its end. Without a
   * history (EXPRESS) its vended lines tell them.
   */
  take(lines: LogLine[], news?: HistoryEvent[]): LogLine[];
  readonly ended: boolean;
  /** Failed calls of functions, of which the log does not say which of several calls they were: all are told. */
  readonly unclear: { functionName: string; calls: number }[];
}

/** Picks one execution's lines: a function's are known once its answer (or its failure) is in the history. */
export function createExecutionLines(executionArn: string): ExecutionLines {
  const known = new Set<string>();
  const held = new Map<string, LogLine[]>();
  const failedCalls = createFailedCalls();
  let failed: FailedCall[] = [];
  const unclear: ExecutionLines['unclear'] = [];
  let lastId = 0;
  let ended = false;
  const learn = (event: HistoryEvent): void => {
    for (const id of requestIdsIn(event)) known.add(id);
    const call = failedCalls.take(event);
    if (call) failed.push(call);
    // Lines come late: only the newest event says whether this is the end.
    if (event.id < lastId) return;
    lastId = event.id;
    ended = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(event.type);
  };
  return {
    take(lines, news) {
      const mine: LogLine[] = [];
      news?.forEach(learn);
      for (const line of lines) {
        const { decoded } = line;
        if (decoded.kind === 'event') {
          if (decoded.executionArn !== executionArn) continue;
          mine.push(line);
          if (!news) learn(decoded.event);
        } else if (decoded.requestId !== undefined) {
          if (line.message.includes(executionArn)) known.add(decoded.requestId);
          const waiting = held.get(decoded.requestId);
          if (waiting) waiting.push(line);
          else held.set(decoded.requestId, [line]);
        }
      }
      failed = failed.filter((call) => {
        const others = [...held].filter(([id]) => !known.has(id));
        const fitting = callsThatFit(call, others);
        for (const id of fitting) known.add(id);
        if (fitting.length > 1) unclear.push({ functionName: call.functionName, calls: fitting.length });
        return fitting.length === 0;
      });
      for (const [id, waiting] of held) {
        if (!known.has(id)) continue;
        for (const line of waiting) mine.push(line);
        held.delete(id);
      }
      return inOrder(mine);
    },
    unclear,
    get ended() {
      return ended;
    },
  };
}
