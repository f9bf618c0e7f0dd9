import { FlowError } from '../../errors.js';
import { createEventReader } from '../../operations/follow/new-events.js';
import { tailExecution } from '../../operations/follow/tail-execution.js';
import { createLogReader } from '../../views/execution/log-lines.js';
import { platformText } from '../../views/execution/platform-line.js';
import { isExpress } from '../../workflow/names/arn.js';
import type { LogRow } from '../api.js';
import type { Console } from '../console.js';
import type { Feed } from '../streams/live-topic.js';

/** Of one execution; the first ones are kept, since what failed is explained by what was first. */
const MOST_LINES = 10_000;
/** Of a line; more of it is in the log. */
const LONGEST = 8_000;

/** Its log lines, as long as it runs: those of its machine's own log are its events, which the page has. */
export async function readLogs(
  executionArn: string,
  feed: Feed,
  { console, signal }: { console: Console; signal: AbortSignal },
): Promise<void> {
  const { gateways, pollMilliseconds } = await console.target();
  const { clock } = console.context;
  const documentOf = createLogReader({ errors: false });
  const groups: string[] = [];
  const unclear = new Map<string, number>();
  const unclearNow = () => [...unclear].map(([functionName, calls]) => ({ functionName, calls }));
  let count = 0;
  const tell = (more: object = {}): void =>
    feed.tell({
      at: clock.now(),
      more: count >= MOST_LINES,
      groups: [...groups],
      unclear: unclearNow(),
      ...more,
    });
  try {
    await tailExecution(gateways, executionArn, {
      signal,
      clock,
      pollMilliseconds,
      ...(!isExpress(executionArn) && { newEvents: createEventReader(gateways.states, executionArn) }),
      onLines(lines) {
        for (const line of lines) {
          if (count >= MOST_LINES || line.decoded.kind === 'event') continue;
          const { timestamp, logGroup, level, requestId, message } = documentOf(line) ?? {};
          if (message === undefined) continue;
          const platform = platformText(message);
          if (platform === '') continue;
          const row: LogRow = {
            at: timestamp ? Date.parse(timestamp) : null,
            group: logGroup ?? '',
            ...(platform === undefined && level !== undefined && { level }),
            ...(requestId !== undefined && { requestId }),
            message: (platform ?? message).slice(0, LONGEST),
          };
          feed.put(String(++count), row);
        }
        tell();
      },
      onUnclear: (functionName, calls) => void unclear.set(functionName, calls),
      onMissing(group) {
        groups.push(group);
        tell();
      },
    });
    tell();
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof FlowError)) throw error;
    tell({ missing: error.message });
  }
}
