import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { lostBy } from '../../framework/lost.js';
import { createSelection, followHistory, readHistory } from '../../operations/execution/read-history.js';
import { createDayHeading, historyDocument, historyLines } from '../../views/execution/history.js';
import { type EventFilter, type NamedEvent, presentable } from '../../workflow/history/event-filter.js';
import { isPath } from '../../workflow/history/path-value.js';
import { readSavedHistory } from '../../workflow/history/saved-history.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './history.js';

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  const { data, path, follow, state, type, failed = false } = options;
  const now = context.clock.now();
  const filter: EventFilter = { failed, state, types: type?.flat(), since: options.since?.(now) };
  if (path !== undefined) refuseBadPath(path);
  const print = printing(context, { data, path });
  if (options.history !== undefined) {
    print.events(createSelection(filter)(await savedEvents(context, options.history, execution)));
  } else if (execution === undefined) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'specify an execution, or a saved history', {
      hint: 'mbc-flow history @last',
    });
  } else {
    const target = await context.connect({ changes: follow ?? false });
    const executionArn = await target.executionArn(execution);
    if (follow) return await followed(context, target, executionArn, filter, print);
    // The reasons of failures are data to AWS.
    const reading = { includeExecutionData: data || failed, now };
    for await (const page of readHistory(target.gateways, executionArn, filter, reading)) print.events(page);
  }
  print.end();
  if (!print.any()) context.err.notice(failed ? 'Nothing failed.' : 'No matching events.');
  return exitCodes.ok;
};

interface Printing {
  events(events: NamedEvent[]): void;
  /** Whether there were any. */
  any(): boolean;
  end(): void;
}

function printing({ out, terminal }: Context, shown: { data: boolean; path?: string }): Printing {
  const columns = terminal.stdoutIsTTY ? terminal.columns : undefined;
  const look = { color: terminal.color, utc: terminal.utc, columns, ...shown };
  const dayHeading = createDayHeading(look);
  const stream = out.stream('events');
  let any = false;
  return {
    events(events) {
      for (const named of events) {
        const lines = historyLines(named, look);
        if (lines === undefined) continue;
        any = true;
        if (columns !== undefined) lines.unshift(...dayHeading(named.event.timestamp));
        // Made only where it is printed: a history may have 25,000 events.
        const toJSON = () => historyDocument(presentable(named.event, shown.data));
        stream.add({ toJSON }, lines);
      }
    },
    any: () => any,
    end: () => stream.end(),
  };
}

async function savedEvents(context: Context, file: string, only: string | undefined) {
  return readSavedHistory(await readText(context, file), file === '-' ? 'stdin' : file, only).events;
}

async function followed(
  context: Context,
  target: Target,
  executionArn: string,
  filter: EventFilter,
  print: Printing,
): Promise<ExitCode> {
  const { signal, clock } = context;
  const { gateways, pollMilliseconds } = target;
  const around = { signal, clock, pollMilliseconds };
  const { model, mapRuns } = await followHistory(gateways, executionArn, filter, around, print.events);
  print.end();
  if (model.status === 'RUNNING')
    throw interrupted(context, 'Not ended yet.', `mbc-flow watch ${executionArn}${target.flagsForHints}`);
  return model.status === 'SUCCEEDED' && !lostBy(model, mapRuns) ? exitCodes.ok : exitCodes.failed;
}

function refuseBadPath(path: string): void {
  if (isPath(path)) return;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${path}' is not a valid JSONPath`, {
    where: '--path',
    hint: "--path '$.requestId'",
  });
}
