import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { createSelection, followHistory, readHistory } from '../../operations/execution/read-history.js';
import { historyDocument, historyLine } from '../../views/execution/history.js';
import type { EventFilter, NamedEvent } from '../../workflow/history/event-filter.js';
import { presentable } from '../../workflow/history/event-filter.js';
import { isPath } from '../../workflow/history/path-value.js';
import { readSavedHistory } from '../../workflow/history/saved-history.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { sinceOf } from '../shell/flag-values.js';
import { interrupted } from '../shell/interrupted.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './history.js';

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  const reference = typeof execution === 'string' ? execution : undefined;
  const filter: EventFilter = {
    failed: options.failed === true,
    state: options.state as string | undefined,
    types: (options.type as string[] | undefined)?.flatMap((type) => type.split(',')),
    since: sinceOf(options.since, context.clock.now()),
  };
  if (typeof options.path === 'string') await refuseBadPath(options.path);
  const print = await printer(context, options);
  if (typeof options.history === 'string') {
    await printSaved(context, options.history, reference, filter, print);
  } else if (reference === undefined) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'Name an execution, or a saved history.', {
      hint: 'mbc-flow history @last',
    });
  } else {
    const target = await context.connect({ changes: options.follow === true });
    const executionArn = await target.executionArn(reference);
    if (options.follow === true) return await follow(context, target, executionArn, filter, print);
    const reading = { includeExecutionData: options.data !== false, now: context.clock.now() };
    for await (const page of readHistory(target.gateways, executionArn, filter, reading)) {
      print.events(page);
    }
  }
  print.end();
  return exitCodes.ok;
};

interface Printer {
  events(events: NamedEvent[]): void;
  end(): void;
}

async function printer(context: Context, options: Record<string, unknown>): Promise<Printer> {
  const { terminal } = context;
  const data = options.data !== false;
  const look = {
    color: terminal.color,
    columns: terminal.stdoutIsTTY ? terminal.columns : undefined,
    data,
    path: options.path as string | undefined,
  };
  const all: Record<string, unknown>[] = [];
  return {
    events(events) {
      for (const named of events) {
        const line = historyLine(named, look);
        if (line === undefined) continue;
        context.out.line(line);
        if (context.output === 'text') continue;
        const document = historyDocument(presentable(named.event, data));
        if (context.output === 'ndjson') context.out.json(document);
        else all.push(document);
      }
    },
    end() {
      if (context.output === 'json') context.out.json({ events: all });
    },
  };
}

async function printSaved(
  context: Context,
  file: string,
  only: string | undefined,
  filter: EventFilter,
  print: Printer,
): Promise<void> {
  const { events } = readSavedHistory(await readText(context, file), file === '-' ? 'stdin' : file, only);
  print.events(createSelection(filter)(events));
}

async function follow(
  context: Context,
  target: Target,
  executionArn: string,
  filter: EventFilter,
  print: Printer,
): Promise<ExitCode> {
  const { signal, clock } = context;
  const { pollMilliseconds } = target;
  const model = await followHistory(
    target.gateways,
    executionArn,
    filter,
    { signal, clock, pollMilliseconds },
    print.events,
  );
  print.end();
  if (model.status === 'RUNNING') {
    throw interrupted(context, 'Not ended yet.', `mbc-flow watch ${executionArn}${target.flagsForHints}`);
  }
  return model.status === 'SUCCEEDED' ? exitCodes.ok : exitCodes.failed;
}

async function refuseBadPath(path: string): Promise<void> {
  if (isPath(path)) return;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${path}' is no JSONPath`, {
    where: '--path',
    hint: "--path '$.requestId'",
  });
}
