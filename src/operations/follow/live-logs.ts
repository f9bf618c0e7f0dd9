import { exitCodes, FlowError } from '../../errors.js';
import type { LogsGateway } from '../../ports/aws.js';
import { createExecutionLines } from '../../workflow/history/execution-lines.js';
import type { LogSource } from './find-logs.js';
import { type TailOptions, toLine } from './tail-logs.js';

export interface LiveOptions
  extends Pick<TailOptions, 'executionArn' | 'newEvents' | 'onLines' | 'onMissing' | 'onUnclear'> {
  /** Those that a live tail takes, the most telling first. */
  sources: LogSource[];
  groupArn(group: string): string;
  signal: AbortSignal;
  clock: { now(): number };
  /** More lines came in a second than a live tail gives. */
  onGap(): void;
}

/** Log groups of one session. */
export const MOST_GROUPS = 10;

/** Lines as they come, until `signal` fires, the execution has ended, or AWS ends the session after three hours. */
export async function liveLogs(logs: LogsGateway, options: LiveOptions): Promise<void> {
  const { executionArn, newEvents, onLines } = options;
  const groups = await existing(logs, options);
  const mine = executionArn === undefined ? undefined : createExecutionLines(executionArn);
  // Ends with the execution, but not before the lines that it wrote last.
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  let ended = false;
  for await (const { events, sampled } of logs.liveTail({
    logGroupArns: groups.map(options.groupArn),
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

/** A group that is not there would refuse the whole session: a function that was never called has none. */
async function existing(logs: LogsGateway, { sources, clock, onMissing }: LiveOptions): Promise<string[]> {
  const groups: string[] = [];
  for (const { group } of sources) {
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
