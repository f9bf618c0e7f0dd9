import { exitCodes, FlowError } from '../../errors.js';
import { findLogs } from '../../operations/follow/find-logs.js';
import type { LiveOptions } from '../../operations/follow/live-logs.js';
import { liveLogs, MOST_GROUPS } from '../../operations/follow/live-logs.js';
import { createEventReader } from '../../operations/follow/new-events.js';
import { tailLogs } from '../../operations/follow/tail-logs.js';
import type { LogDocument } from '../../views/execution/log-lines.js';
import { createLogReader, gapDocument, logLine } from '../../views/execution/log-lines.js';
import type { LogLine } from '../../workflow/history/log-tail.js';
import { isExpress } from '../../workflow/names/arn.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { sinceOf } from '../shell/flag-values.js';
import { interrupted } from '../shell/interrupted.js';
import type { Target } from '../shell/target.js';
import { sourcesOfExecution, tenMinutes } from './log-sources.js';
import type { declaration } from './logs.js';

export const run: Run<typeof declaration> = async (context, [source], options) => {
  const follow = options.follow === true;
  const target = await context.connect({ changes: follow || options.live === true });
  const found = await findSource(context, target, String(source), options.since);
  const print = await printer(context, options);
  const reading = {
    ...found,
    signal: context.signal,
    clock: context.clock,
    onLines: print.lines,
    onUnclear: (functionName: string, calls: number) =>
      context.err.notice(
        `${calls} calls of ${functionName} fit the one that failed, and nothing tells them apart: the lines of all are shown.`,
      ),
    onMissing: (group: string) => context.err.notice(`There is no log group ${group} (yet).`),
  };
  if (options.live === true) await live(context, target, reading, print.gap);
  else {
    const { pollMilliseconds } = target;
    await tailLogs(target.gateways.logs, { ...reading, follow, pollMilliseconds });
  }
  print.end();
  if (context.signal.aborted) throw interrupted(context, 'Left; nothing was changed.');
  return exitCodes.ok;
};

async function findSource(context: Context, target: Target, source: string, since: unknown) {
  const { states, functions } = target.gateways;
  const given = sinceOf(since, context.clock.now());
  const stateMachineArn = await machineOf(target, source);
  if (stateMachineArn !== undefined) {
    const sources = await findLogs(functions, await states.describeStateMachine(stateMachineArn));
    return { sources, since: given ?? context.clock.now() - tenMinutes };
  }
  const executionArn = await target.executionArn(source);
  const found = await sourcesOfExecution(context, target, executionArn);
  if (isExpress(executionArn)) return { ...found, since: given ?? found.since };
  return { ...found, newEvents: createEventReader(states, executionArn), since: given ?? found.since };
}

/** Undefined when an execution is meant. */
async function machineOf(target: Target, source: string): Promise<string | undefined> {
  if (/^@|:(execution|express):|^https?:/.test(source)) return undefined;
  try {
    return await target.machineArn(source);
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode !== exitCodes.notFound) throw error;
    try {
      await target.executionArn(source);
      return undefined;
    } catch (other) {
      // Neither: what there is of machines is the better hint.
      throw (other as FlowError).exitCode === exitCodes.notFound && !source.includes('@') ? error : other;
    }
  }
}

interface Printer {
  lines(lines: LogLine[]): void;
  /** AWS left lines out. */
  gap(): void;
  end(): void;
}

async function printer(context: Context, options: Record<string, unknown>): Promise<Printer> {
  const read = createLogReader({
    text: options.filter as string | undefined,
    state: options.state as string | undefined,
    errors: options.errors === true,
  });
  const all: LogDocument[] = [];
  const tell = (document: LogDocument): void => {
    if (context.output === 'json') all.push(document);
    else context.out.json(document);
    context.out.line(logLine(document, context.terminal.color));
  };
  return {
    lines(lines) {
      for (const line of lines) {
        const document = read(line);
        if (document) tell(document);
      }
    },
    gap: () => tell(gapDocument(context.clock.now())),
    end() {
      if (context.output === 'json') context.out.json({ lines: all });
    },
  };
}

async function live(
  context: Context,
  target: Target,
  reading: Omit<LiveOptions, 'groupArn' | 'onGap'>,
  onGap: () => void,
): Promise<void> {
  const account = target.account ?? (await target.gateways.identity.callerIdentity()).account;
  const partition = target.region.startsWith('cn-')
    ? 'aws-cn'
    : target.region.startsWith('us-gov-')
      ? 'aws-us-gov'
      : 'aws';
  const left = reading.sources.slice(MOST_GROUPS).map(({ group }) => group);
  if (left.length > 0)
    context.err.notice(`A live tail takes ${MOST_GROUPS} log groups; not told: ${left.join(', ')}`);
  await liveLogs(target.gateways.logs, {
    ...reading,
    sources: reading.sources.slice(0, MOST_GROUPS),
    groupArn: (group) => `arn:${partition}:logs:${target.region}:${account}:log-group:${group}`,
    onGap,
  });
  if (reading.executionArn === undefined && !context.signal.aborted)
    context.err.notice('AWS has ended the live tail, as it does after three hours.');
}
