/** A timer in a queue; `index` is its place there, −1 when it is not in any more. */
export interface QueuedTimer {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
  index: number;
}

/** Timers by time, and in the order of their making where the time is the same. A binary heap. */
export class TimerQueue {
  private readonly heap: QueuedTimer[] = [];
  private made = 0;

  add(at: number, callback: () => void): QueuedTimer {
    const timer = { at, sequence: this.made++, callback, index: this.heap.length };
    this.heap.push(timer);
    this.rise(timer);
    return timer;
  }

  first(): QueuedTimer | undefined {
    return this.heap[0];
  }

  remove(timer: QueuedTimer): void {
    const { index } = timer;
    if (index < 0) return;
    timer.index = -1;
    const last = this.heap.pop();
    if (!last || last === timer) return;
    this.put(last, index);
    this.rise(last);
    this.sink(last);
  }

  private rise(timer: QueuedTimer): void {
    for (;;) {
      const parent = this.heap[(timer.index - 1) >> 1];
      if (timer.index === 0 || !parent || !before(timer, parent)) return;
      this.exchange(timer, parent);
    }
  }

  private sink(timer: QueuedTimer): void {
    for (;;) {
      const left = this.heap[2 * timer.index + 1];
      const right = this.heap[2 * timer.index + 2];
      const child = left && right && before(right, left) ? right : left;
      if (!child || !before(child, timer)) return;
      this.exchange(child, timer);
    }
  }

  private exchange(one: QueuedTimer, other: QueuedTimer): void {
    const { index } = one;
    this.put(one, other.index);
    this.put(other, index);
  }

  private put(timer: QueuedTimer, index: number): void {
    timer.index = index;
    this.heap[index] = timer;
  }
}

const before = (one: QueuedTimer, other: QueuedTimer): boolean =>
  one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
