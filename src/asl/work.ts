/** An evaluation looked at more than any document within AWS's quotas gives reason to. */
export class TooMuchWork extends Error {}

/**
 * How much one evaluation may still do, in nodes visited and steps of a regular expression. It counts work, not
 * time, so that a replay ends at the same place. A document of 256 KiB has 130,000 nodes at most.
 */
export class Work {
  constructor(private left = 2_000_000) {}

  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new TooMuchWork('The evaluation takes too many steps.');
  }
}

/** How deep the parsers of expressions and patterns follow parentheses and calls. */
export const MAX_EXPRESSION_DEPTH = 100;
