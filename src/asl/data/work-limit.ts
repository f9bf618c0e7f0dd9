/** An evaluation goes beyond what it may do or make; its state fails with it. */
export class OverLimit extends Error {}

/** An evaluation looked at more than any document within AWS's quotas gives reason to. */
export class TooMuchWork extends OverLimit {}

/** All the work of one transition, which takes a break when it was much. */
export interface WorkBook {
  workDone: number;
}

/**
 * How much one evaluation may still do, in nodes visited and steps of a regular expression. It counts work, not
 * time, so that a replay ends at the same place. A document of 256 KiB has 130,000 nodes at most.
 */
export class Work {
  constructor(
    private left = MOST_WORK,
    private readonly book?: WorkBook,
  ) {}

  spend(units: number): void {
    this.left -= units;
    if (this.book) this.book.workDone += units;
    if (this.left < 0) throw new TooMuchWork('The evaluation takes too many steps.');
  }
}

/** About a third of a second. */
export const MOST_WORK = 4_000_000;

/** How deep the parsers of expressions and patterns follow parentheses and calls. */
export const MAX_EXPRESSION_DEPTH = 100;
