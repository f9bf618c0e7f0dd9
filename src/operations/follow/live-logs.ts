import { exitCodes, FlowError } from '../../errors.js';
import type { Gateways, LogsGateway } from '../../ports/aws.js';
import { createExecutionLines } from '../../workflow/logs/execution-lines.js';
import type { LogSource } from './find-logs.js';
import { type TailOptions, toLine } from './tail-logs.js';

export interface LiveOptions
  extends Pick<TailOptions, 'executionArn' | 'newEvents' | 'onLines' | 'onMissing' | 'onUnclear'> {
  /** The most telling first. */
  sources: LogSource[];
  signal: AbortSignal;
  clock: { now(): number };
  /** More lines came in a second than a live tail gives. */
  onGap(): void;
  /** A session takes no more groups than the first ten. */
  onLeftOut(groups: string[]): void;
}

/** Log groups of one session. */
export const MOST_GROUPS = 10;

/** Lines as they come, until `signal` fires, the execution has ended, or AWS ends the session after three hours. */
export async function liveLogs(
  { logs, identity }: Pick<Gateways, 'logs' | 'identity'>,
  { region, account }: { region: string; account?: string },
  options: LiveOptions,
): Promise<void> {
  const { executionArn, newEvents, onLines } = options;
  const owner = account ?? (await identity.callerIdentity()).account;
  const left = options.sources.slice(MOST_GROUPS).map(({ group }) => group);
  if (left.length > 0) options.onLeftOut(left);
  const groups = await existing(logs, options);
  const mine = executionArn === undefined ? undefined : createExecutionLines(executionArn);
  // Ends with the execution, but not before the lines that it wrote last.
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  let ended = false;
  for await (const { events, sampled } of logs.liveTail({
    logGroupArns: groups.map(
      (group) => `arn:${partitionOf(region)}:logs:${region}:${owner}:log-group:${group}`,
    ),
    signal,
  })) {
    const lines = events.map(toLine);
    onLines(mine ? mine.take(lines, await newEvents?.()) : lines);
    for (const { functionName, calls } of mine?.unclear.splice(0) ?? [])
      options.onUnclear?.(functionName, calls);
    if (sampled) options.onGap();
    if (ended && lines.length === 0) over.abort();
    ended = mine?.ended === true;
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** A group that is not there would refuse the whole session: a function that was never called has none. */
async function existing(logs: LogsGateway, { sources, clock, onMissing }: LiveOptions): Promise<string[]> {
  const groups: string[] = [];
  for (const { group } of sources.slice(0, MOST_GROUPS)) {
    try {
      for await (const _ of logs.filterPages({ logGroup: group, startTime: clock.now() })) break;
      groups.push(group);
    } catch (error) {
      if (!(error instanceof FlowError) || error.exitCode !== exitCodes.notFound) throw error;
      onMissing(group);
    }
  }
  return groups;
}
