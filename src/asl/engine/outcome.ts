import type { Json } from '../../json/json.js';
import type { Value } from '../data/value.js';

/** How a state came out of what was just done with it. */
export type Outcome =
  | { kind: 'wait' }
  | { kind: 'exit'; output: Value; next?: string; assigned?: ReadonlyMap<string, Json> }
  | Failure;

export interface Failure {
  kind: 'fail';
  error?: string;
  cause?: string;
  /** A second name under which Retry and Catch find it. */
  alias?: string;
  /** Neither Retry nor Catch may have it: the execution fails at once. */
  fatal?: boolean;
}

export const WAIT: Outcome = { kind: 'wait' };
