import { exitCodes, FlowError } from '../../errors.js';
import { liveLogs, MOST_GROUPS } from '../../operations/follow/live-logs.js';
import { logsOf } from '../../operations/follow/logs-of-reference.js';
import { tailLogs } from '../../operations/follow/tail-logs.js';
import {
  createLogLines,
  createLogReader,
  gapDocument,
  type LogDocument,
} from '../../views/execution/log-lines.js';
import type { LogLine } from '../../workflow/logs/log-line.js';
import type { Run } from '../shell/command.js';
import { interrupted } from '../shell/interruption.js';
import type { declaration } from './logs.js';

export const run: Run<typeof declaration> = async (context, [source], options) => {
  const { clock, signal, out, err, terminal } = context;
  const { follow = false, live = false, since, filter: text, state, errors = false } = options;
  const target = await context.connect({ changes: follow || live });
  const { gateways, pollMilliseconds } = target;
  const now = clock.now();
  const found = await logsOf(target, source, now);
  const lines = out.stream('lines');
  const from = options.sinceStart ? startOf(found) : undefined;
  const linesOf = createLogLines({
    ...terminal,
    raw: options.raw,
    from,
    several: found.executionArn === undefined,
  });
  const tell = (document: LogDocument): void => lines.add(document, linesOf(document));
  const read = createLogReader({ text, state, errors });
  const reading = {
    ...found,
    since: since?.(now) ?? found.since,
    signal,
    clock,
    onLines(more: LogLine[]) {
      for (const line of more) {
        const document = read(line);
        if (document) tell(document);
      }
    },
    onUnclear: (functionName: string, calls: number) =>
      err.notice(
        `${calls} calls of ${functionName} match the failed call and cannot be told apart; the lines of all of them are shown.`,
      ),
    onMissing: (group: string) => err.notice(`There is no log group ${group} (yet).`),
  };
  if (live) {
    await liveLogs(gateways, target, {
      ...reading,
      onGap: () => tell(gapDocument(clock.now())),
      onLeftOut: (groups) =>
        err.notice(`A live tail takes ${MOST_GROUPS} log groups; not shown: ${groups.join(', ')}`),
    });
    if (found.executionArn === undefined && !signal.aborted)
      err.notice('AWS ended the live tail (it does so after three hours).');
  } else await tailLogs(gateways.logs, { ...reading, follow, pollMilliseconds });
  lines.end();
  if (signal.aborted) throw interrupted(context, 'Stopped; nothing was changed.');
  return exitCodes.ok;
};

function startOf({ executionArn, since }: { executionArn?: string; since?: number }): number | undefined {
  if (executionArn !== undefined) return since;
  throw new FlowError(exitCodes.usage, 'BadUsage', '--since-start requires an execution', {
    where: '--since-start',
    hint: 'mbc-flow logs @last --since-start',
  });
}
