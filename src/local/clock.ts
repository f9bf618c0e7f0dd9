import { TimerQueue } from './timer-queue.js';

/** Time of the local server: all that falls due of executions, and every timestamp, comes from here. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once `at` (epoch milliseconds) has come; returns a function that cancels. */
  at(at: number, callback: () => void): () => void;
  /**
   * Keeps time from being skipped until the result is called. `work`: something of ours is under way (a step, an
   * invocation), which takes its real time. `outside`: somebody else may answer at any time (a token, an activity).
   */
  hold(by?: 'work' | 'outside'): () => void;
}

export interface VirtualClock extends Clock {
  readonly scale: number;
  /** Goes to `to`, past all that falls due before, in order; resolves when the work of it is done. */
  advance(to: number): Promise<void>;
  /** Until nothing goes on by itself any more: no work is under way, and there is nothing to skip to. */
  settle(): Promise<void>;
  /** When the next thing falls due. */
  next(): number | undefined;
}

export interface ClockOptions {
  /** Virtual time per real time, inverted: 1 is real, 0.1 ten times as fast, 0 skips all waiting. */
  scale?: number;
  /** Milliseconds between real and virtual time at the start. */
  offset?: number;
  /** Time only goes where it skips to or is moved to: what is under way takes none. */
  stands?: boolean;
  /** The offset to begin with at the next start, so that time never goes back; called before it is relied on. */
  onOffset?: (offset: number) => void;
  real?: RealTime;
}

export interface RealTime {
  now(): number;
  /** Returns a function that cancels. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Once all that is ready has run. */
  soon(callback: () => void): void;
}

// As they were when this was loaded: tests that fake time fake their own.
const { setTimeout, setImmediate, clearTimeout } = globalThis;
const steadyNow = performance.now.bind(performance);

/** setTimeout overflows past 2^31 ms, so longer waits are taken in steps. */
const LONGEST_TIMEOUT = 0x7fff_ffff;

/**
 * The wall clock, but never back: where it is set back, time goes on by the machine's steady clock. It follows a wall
 * clock that is ahead (a machine that slept).
 */
export function steadyTime(wall: () => number = Date.now, steady: () => number = steadyNow): () => number {
  let last = wall();
  let since = steady();
  return () => {
    const at = steady();
    last = Math.max(wall(), last + (at - since));
    since = at;
    return last;
  };
}

export const machineTime: RealTime = {
  now: steadyTime(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon: (callback) => setImmediate(callback),
};

const nothingHeld = (): void => {};

/** How far ahead (real milliseconds) the offset of a scaled clock is announced. */
const ANNOUNCED_AHEAD = 1000;

export function createClock(options: ClockOptions = {}): VirtualClock {
  const { scale = 1, offset = 0, onOffset = () => {}, real = machineTime } = options;
  const [atRest, working] = options.stands ? [0, 0] : [restingRate(scale), 1];
  const timers = new TimerQueue();
  const held = { work: 0, outside: 0 };
  /** Virtual time is `virtual` at the real time `since`, and goes on at `rate` from there. */
  let since = real.now();
  let virtual = since + offset;
  let rate = atRest;
  let announced = offset;
  let disarm: () => void = () => {};
  let armedFor: number | undefined;
  let looking = false;
  let settled: (() => void)[] = [];

  const exact = (realNow: number): number => virtual + (realNow - since) * rate;

  const now = (): number => {
    const realNow = real.now();
    const time = Math.floor(exact(realNow));
    if (rate > 1 && time - realNow > announced) announce(time - realNow + ANNOUNCED_AHEAD * rate);
    return time;
  };

  const announce = (to: number): void => {
    announced = to;
    onOffset(to);
  };

  const setRate = (next: number): void => {
    if (next === rate) return;
    const realNow = real.now();
    virtual = exact(realNow);
    since = realNow;
    rate = next;
    arm();
  };

  const jump = (to: number): void => {
    if (to <= now()) return;
    virtual = to;
    since = real.now();
    announce(to - since);
  };

  const arm = (): void => {
    disarm();
    const first = timers.first();
    armedFor = first?.at;
    if (!first) return;
    const wait = first.at - now();
    // It is fired when time is moved there.
    if (rate === 0 && wait > 0) return;
    const left = wait > 0 ? Math.ceil(wait / rate) : 0;
    disarm = real.after(Math.min(left, LONGEST_TIMEOUT), fireDue);
  };

  /** Checked again when it fires: timers are cut at the longest, and may be a millisecond early. */
  const fireDue = (): void => {
    for (let first = timers.first(); first && first.at <= now(); first = timers.first()) {
      timers.remove(first);
      first.callback();
    }
    arm();
    look();
  };

  /** Something has changed: once all that is ready has run, see whether time may be skipped. */
  const look = (): void => {
    if (looking || (scale !== 0 && settled.length === 0)) return;
    looking = true;
    real.soon(() => {
      looking = false;
      if (held.work > 0) return;
      const waiting = settled;
      settled = [];
      for (const resolve of waiting) resolve();
      const first = timers.first();
      if (waiting.length > 0 || scale !== 0 || held.outside > 0 || !first) return;
      jump(first.at);
      fireDue();
    });
  };

  const workDone = (): Promise<void> =>
    new Promise((resolve) => {
      settled.push(resolve);
      look();
    });

  return {
    scale,
    now,
    next: () => timers.first()?.at,
    at(at, callback) {
      const timer = timers.add(at, callback);
      if (armedFor === undefined || at < armedFor) arm();
      look();
      return () => timers.remove(timer);
    },
    hold(by = 'work') {
      if (by === 'outside' && scale !== 0) return nothingHeld;
      held[by] += 1;
      if (by === 'work') setRate(working);
      let done = false;
      return () => {
        if (done) return;
        done = true;
        held[by] -= 1;
        if (held.work === 0) setRate(atRest);
        look();
      };
    },
    async settle() {
      for (;;) {
        await workDone();
        const first = timers.first();
        if (scale !== 0 || held.outside > 0 || !first) break;
        jump(first.at);
        fireDue();
      }
      look();
    },
    async advance(to) {
      for (;;) {
        await workDone();
        const first = timers.first();
        if (!first || first.at > to) break;
        jump(first.at);
        fireDue();
      }
      jump(to);
      arm();
      look();
    },
  };
}

/** While nothing is under way. At scale 0 time goes by as it does outside, where it is not skipped. */
const restingRate = (scale: number): number => (scale === 0 ? 1 : 1 / scale);
