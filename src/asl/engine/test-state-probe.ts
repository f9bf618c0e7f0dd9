import type { JsonObject } from '../../json/json.js';
import type { Failure } from './outcome.js';

/** What stands around a state that is tried alone, in place of an execution's past, and watches its data pass. */
export interface Probe {
  /** The state's name; what comes after it is not watched. */
  state: string;
  /** `$$`, whole. */
  context: JsonObject;
  variables: JsonObject;
  /** Attempts that each retrier has used up before. */
  retries: number;
  /** What was made of the data, by AWS's names for the stages: JSON texts, as they were written. */
  readonly stages: Partial<Record<Stage, string>>;
  /** Who took the state's error: a retrier, for its delay, or a catcher. */
  /** The retrier that wanted the error, and had no attempt left. */
  exhausted?: number;
  handled?: { by: 'Retry' | 'Catch'; index: number; seconds?: number; failure: Failure };
}

/** The paths and filters are JSONPath's; `afterArguments` is JSONata's. */
export type Stage =
  | 'afterInputPath'
  | 'afterParameters'
  | 'afterArguments'
  | 'result'
  | 'afterResultSelector'
  | 'afterResultPath';
