import type { StateTally } from '../../workflow/statistics/tally.js';

/** What the histories of the newest executions say. */
export interface Sampled {
  executions: number;
  retries: number;
  states: StateTally[];
  /** On average: state transitions of an execution and of its STANDARD children, and how many children it had. */
  transitions: number;
  children: number;
}
