import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import type { EventFilter, NamedEvent } from '../../workflow/history/event-filter.js';
import type { Command, Context, Target } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { sinceOf } from '../shell/flag-values.js';
import { interrupted } from '../shell/interrupted.js';

export const history: Command = {
  name: 'history',
  summary: 'The events of an execution',
  description:
    "One line an event, failures decoded; -o json is AWS's own document. Task tokens are struck out. With --follow it stays until the end, whose outcome decides the exit code.",
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    { flags: '--failed', description: 'failures, timeouts and aborts only' },
    { flags: '--state <name>', description: 'events of this state only' },
    { flags: '--type <type...>', description: 'event types, or parts of them: TaskFailed, StateEntered' },
    { flags: '--since <time>', description: 'since 30m, 2h ago, or a date' },
    { flags: '--no-data', description: 'without input, output and parameters' },
    { flags: '--path <path>', description: 'only what stands at this JSONPath in them: $.requestId' },
    { flags: '-f, --follow', description: 'go on until the execution ends' },
    { flags: '--history <file>', description: 'a saved history or log lines instead; - is stdin' },
  ],
  examples: [
    { line: 'mbc-flow history @last', what: 'all events' },
    { line: 'mbc-flow history @last --failed --no-data', what: 'what went wrong, in order' },
    { line: 'mbc-flow history @last --state approve -o json', what: "one state's, for a script" },
    { line: "mbc-flow history @last --path '$.requestId'", what: 'one value through all states' },
  ],
  async run(context, [execution], options) {
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
      const { readHistory } = await import('../../operations/execution/read-history.js');
      const reading = { includeExecutionData: options.data !== false, now: context.clock.now() };
      for await (const page of readHistory(target.gateways, executionArn, filter, reading)) {
        print.events(page);
      }
    }
    print.end();
    return exitCodes.ok;
  },
};

interface Printer {
  events(events: NamedEvent[]): void;
  end(): void;
}

async function printer(context: Context, options: Record<string, unknown>): Promise<Printer> {
  const [{ historyLine, historyDocument }, { presentable }] = await Promise.all([
    import('../../views/execution/history.js'),
    import('../../workflow/history/event-filter.js'),
  ]);
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
  const [{ readSavedHistory }, { createSelection }] = await Promise.all([
    import('../../workflow/history/saved-history.js'),
    import('../../operations/execution/read-history.js'),
  ]);
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
  const { followHistory } = await import('../../operations/execution/read-history.js');
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
  const { isPath } = await import('../../workflow/history/path-value.js');
  if (isPath(path)) return;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${path}' is no JSONPath`, {
    where: '--path',
    hint: "--path '$.requestId'",
  });
}
