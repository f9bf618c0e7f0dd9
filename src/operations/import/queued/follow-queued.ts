import { valuesIn } from '../../../framework/import/match-rows.js';
import { digestOfRows } from '../../../framework/import/row-ledger.js';
import type { Json } from '../../../json/json.js';
import type { Gateways } from '../../../ports/aws.js';
import type { Clock } from '../../../ports/clock.js';
import { rest } from '../../../ports/retry.js';
import { deadLetters } from './dead-letters.js';
import { createCommandReader, type PublishedCommands } from './published-commands.js';
import { type RowError, readQueueErrors } from './queue-errors.js';

/** The rows that an import has handed to the framework's queue. */
export interface QueuedRows {
  /** Id of the job record: the commands bear it. */
  jobId: string;
  count: number;
  /** Epoch milliseconds: nothing of them is older. */
  since: number;
  commandMachineArn: string;
  /** Of the functions that take the rows. */
  logGroups: Iterable<string>;
  /** URL. */
  queue?: string;
}

/** A row that was queued and is not going to be stored. */
export interface LateFailure {
  fate: 'failedLater' | 'deadLettered';
  data: Json;
  reason: string;
}

/** What became of them. `queued`: not known yet. */
export interface QueuedFates {
  stored: number;
  queued: number;
  failures: LateFailure[];
}

export interface QueuedSurroundings {
  gateways: Gateways;
  clock: Clock;
  pollMilliseconds: number;
  signal: AbortSignal;
  onProgress?(fates: QueuedFates): void;
}

/** A message that failed twice in the same way fails for good: the app has to change, or the row. */
const enoughTimes = 2;
/** The counts of a queue are approximate: it is empty when it was so often in a row. */
const emptyPolls = 3;
const emptyMilliseconds = 10_000;
const slowestPoll = 30_000;

/**
 * Follows queued rows through the queue, their commands and executions to their data rows, until each is stored, its
 * command failed, its message is a dead letter, or was delivered twice with the same error; or `signal` fires. Polls
 * become rarer with time, since each reads all commands of the import.
 */
export async function followQueued(rows: QueuedRows, around: QueuedSurroundings): Promise<QueuedFates> {
  const { signal, clock, pollMilliseconds, onProgress } = around;
  const look = createLook(rows, around);
  for (let pause = pollMilliseconds; ; pause = Math.min(pause * 1.5, slowestPoll)) {
    const { fates, ended } = await look();
    onProgress?.(fates);
    if (ended || signal.aborted) return fates;
    await rest({ clock, signal }, pause);
    if (signal.aborted) return fates;
  }
}

/** The same once, without waiting. */
export const queuedNow = async (rows: QueuedRows, around: QueuedSurroundings): Promise<QueuedFates> =>
  (await createLook(rows, around)()).fates;

function createLook(rows: QueuedRows, { gateways, clock, pollMilliseconds }: QueuedSurroundings) {
  const commands = createCommandReader(gateways, rows);
  let empty: { since: number; polls: number } | undefined;
  return async (): Promise<{ fates: QueuedFates; ended: boolean }> => {
    const published = await commands.read(rows.count);
    const late = published.failed.map(
      ({ data, reason }): LateFailure => ({ fate: 'failedLater', data, reason }),
    );
    const left = rows.count - published.stored - late.length - published.running;
    if (left <= 0) return outcome(published, late, 0);
    // The queue is read before the log: what has left it has written its lines.
    const queue = rows.queue === undefined ? undefined : await gateways.queues.describe(rows.queue);
    const { errors, messages } = await readQueueErrors(gateways, rows.logGroups, rows);
    const dead =
      queue?.deadLetterArn === undefined ? [] : await deadLetters(gateways, queue.deadLetterArn, rows.jobId);
    const candidates = (await notPublished(lateFailures(dead, errors), left)).slice(0, left);
    const failures = [...late, ...candidates];
    const open = left - candidates.length;
    if (open === 0) return outcome(published, failures, 0);
    // Messages that fail again and again stay; what else was in them went well.
    const failing = errors.every(({ times }) => times >= enoughTimes) ? messages : 0;
    if (!queue || queue.waiting + queue.inFlight > failing) empty = undefined;
    else {
      empty = { since: empty?.since ?? clock.now(), polls: (empty?.polls ?? 0) + 1 };
      const long = Math.min(emptyMilliseconds, pollMilliseconds * 5);
      // Its message went through without an error, and no command came of it: the row is stored as it is.
      if (empty.polls >= emptyPolls && clock.now() - empty.since >= long)
        return outcome(published, failures, 0, open);
    }
    return outcome(published, failures, open);
  };

  /** Without those of which a command came after all: an error may have passed. */
  async function notPublished(failures: LateFailure[], left: number): Promise<LateFailure[]> {
    if (failures.length <= left && !failures.some(({ fate }) => fate === 'deadLettered')) return failures;
    const open = new Set(failures);
    const wanted = failures.map((failure) => ({ failure, values: [...valuesIn(failure.data)] }));
    for await (const command of commands.all()) {
      const values = valuesIn(command as Json);
      for (const { failure, values: data } of wanted)
        if (open.has(failure) && data.every((value) => values.has(value))) open.delete(failure);
    }
    return failures.filter((failure) => open.has(failure));
  }
}

function outcome(
  { stored, running }: PublishedCommands,
  failures: LateFailure[],
  open: number,
  unchanged = 0,
): { fates: QueuedFates; ended: boolean } {
  const queued = running + open;
  return { fates: { stored: stored + unchanged, queued, failures }, ended: queued === 0 };
}

/** Rows that are dead letters, those first of which an error is known, and rows that failed often enough. */
function lateFailures(dead: Json[], errors: RowError[]): LateFailure[] {
  const reasons = new Map(errors.map(({ data, reason }) => [digestOfRows([data]), reason]));
  const dying = new Set(dead.map((data) => digestOfRows([data])));
  const letters = dead.map((data): LateFailure & { known: boolean } => {
    const reason = reasons.get(digestOfRows([data]));
    return {
      fate: 'deadLettered',
      data,
      reason: reason ?? 'its message failed too many times',
      known: reason !== undefined,
    };
  });
  const late = errors
    .filter(({ data, times }) => times >= enoughTimes && !dying.has(digestOfRows([data])))
    .map(({ data, reason }): LateFailure => ({ fate: 'failedLater', data, reason }));
  return [
    ...letters.sort((a, b) => Number(b.known) - Number(a.known)).map(({ known: _, ...letter }) => letter),
    ...late,
  ];
}
