import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { FlowError } from '../../errors.js';
import type { ExecutionSummary, LogsGateway, StateMachineDescription } from '../../ports/aws.js';
import { decodeLine } from '../../workflow/logs/decode-line.js';
import { ownLogGroup } from '../follow/find-logs.js';

/** From so many executions on, a log is read: fewer histories are read before AWS's quota is felt. */
export const FEWEST_LOGGED = 300;
/** Calls that a log may take, of those that the histories would. */
const SHARE = 0.1;
/** A log group may be huge: its newest part first, then twice as much each time. */
const FIRST_WINDOW = 600_000;
/** Clocks of AWS's services differ by a little. */
const SLACK = 5_000;

/**
 * Executions of a machine that logs everything, out of its log: thousands of events a call, where their histories take
 * one call each. Gives those of which every event is there, newest event first; what is not given is for the histories to
 * tell. Lines come some seconds late.
 * @param now the server's
 */
export async function* readLogged(
  logs: Pick<LogsGateway, 'filterPages'>,
  machine: StateMachineDescription,
  executions: ExecutionSummary[],
  now: number,
): AsyncGenerator<{ execution: ExecutionSummary; newestFirst: HistoryEvent[] }> {
  const logGroup = ownLogGroup(machine);
  const whole = machine.logLevel === 'ALL' && machine.includeExecutionData === true;
  if (logGroup === undefined || !whole || executions.length < FEWEST_LOGGED) return;
  const open = new Map(executions.map((execution) => [execution.executionArn, execution]));
  const oldest = executions.reduce((at, { startDate }) => Math.min(at, startDate.getTime()), now) - SLACK;
  const known = new Map<string, HistoryEvent[]>();
  let pages = 0;
  let endTime: number | undefined;
  for (let span = FIRST_WINDOW; open.size > 0; span *= 2) {
    const startTime = Math.max(oldest, (endTime ?? now) - span);
    const read = new Map<string, HistoryEvent[]>();
    try {
      for await (const page of logs.filterPages({ logGroup, startTime, endTime })) {
        if (++pages > executions.length * SHARE) return;
        for (const { message } of page) {
          const line = decodeLine(message);
          if (line.kind !== 'event' || !open.has(line.executionArn)) continue;
          const events = read.get(line.executionArn);
          if (events) events.push(line.event);
          else read.set(line.executionArn, [line.event]);
          // AWS cuts what is too long for a line.
          if (/"truncated":\s*true/.test(message)) open.delete(line.executionArn);
        }
      }
    } catch (error) {
      // The log is a short cut: where it is gone or not ours to read, the histories are.
      if (error instanceof FlowError) return;
      throw error;
    }
    for (const [executionArn, events] of read) {
      const execution = open.get(executionArn);
      if (!execution) continue;
      const newestFirst = inOrder([...events, ...(known.get(executionArn) ?? [])]);
      known.set(executionArn, newestFirst);
      if (newestFirst[0]?.id !== newestFirst.length) continue;
      open.delete(executionArn);
      known.delete(executionArn);
      yield { execution, newestFirst };
    }
    if (startTime <= oldest) return;
    endTime = startTime - 1;
  }
}

/** Each event once, the newest first. */
const inOrder = (events: HistoryEvent[]): HistoryEvent[] =>
  [...new Map(events.map((event) => [event.id, event])).values()].sort((a, b) => b.id - a.id);
