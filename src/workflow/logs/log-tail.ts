import { inOrder } from './line-order.js';
import type { LogLine } from './log-line.js';

export interface LogTail {
  /** Where a reading of a group at `now` has to begin. Both: epoch milliseconds. */
  from(group: string, now: number): number;
  /** Takes what a reading gave at `now`; returns what is new in it, by time. */
  take(lines: LogLine[], now: number): LogLine[];
  /** All are read from the beginning once more: nothing that came late is missed. */
  rewind(): void;
}

/**
 * How far back a reading goes behind the newest line, in milliseconds: a little each time, further now and then,
 * because lines arrive late and AWS knows no "since my last call". A line is read about ten times at most, however
 * many others there are, and however often is asked.
 */
const looks = [
  { every: 32_000, back: 120_000 },
  { every: 8_000, back: 30_000 },
  { every: 2_000, back: 5_000 },
  { every: 0, back: 500 },
];

/**
 * Remembers what was told, so that reading overlapping stretches loses no line and doubles none.
 * @param since where the reading began; epoch milliseconds
 * @param keepAll a reading from the beginning is to come (`rewind`): forget nothing
 */
export function createLogTail(since: number, keepAll: boolean): LogTail {
  const told = new Map<string, number>();
  /** Of each group the newest line's time, and when it was seen first: our clock need not be that of the lines. */
  const newest = new Map<string, { timestamp: number; seenAt: number }>();
  /** When each look was taken last, by group. */
  const taken = new Map<string, number[]>();
  let rewound = false;
  return {
    from(group, now) {
      const last = newest.get(group);
      if (last === undefined || rewound) return since;
      const times = taken.get(group) ?? looks.map(() => now);
      const due = looks.findIndex(({ every }, index) => now - (times[index] ?? now) >= every);
      // A long look back is also a short one.
      taken.set(
        group,
        times.map((time, index) => (index >= due ? now : time)),
      );
      // While nothing comes, what was late comes nearer to what may no longer be.
      const back = Math.max(0, (looks[due]?.back ?? 0) - (now - last.seenAt));
      return Math.max(since, last.timestamp - back);
    },
    take(lines, now) {
      const fresh: LogLine[] = [];
      for (const line of lines) {
        const key = `${line.group} ${line.key}`;
        if (line.timestamp > (newest.get(line.group)?.timestamp ?? 0))
          newest.set(line.group, { timestamp: line.timestamp, seenAt: now });
        if (told.has(key)) continue;
        told.set(key, line.timestamp);
        fresh.push(line);
      }
      if (!keepAll) {
        const oldest = [...newest.values()].reduce(
          (least, { timestamp }) => Math.min(least, timestamp),
          Number.POSITIVE_INFINITY,
        );
        forget(told, oldest - (looks[0]?.back ?? 0));
      }
      return inOrder(fresh);
    },
    rewind() {
      rewound = true;
    },
  };
}

/** What is older than any reading goes back can't come again. */
function forget(told: Map<string, number>, before: number): void {
  for (const [key, timestamp] of told) if (timestamp < before) told.delete(key);
}
