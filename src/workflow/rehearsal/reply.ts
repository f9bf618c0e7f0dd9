import { jsonOf, type Value } from '../../asl/data/value.js';
import type { Json } from '../../json/json.js';
import type { Place } from './step-place.js';

/** A Task that asks the world. */
export interface TaskCall {
  place: Place;
  resource: string;
  /** What it is sent: of most calls nobody reads it. */
  parameters: Value;
  taskToken?: string;
  /** Epoch milliseconds of the execution's own time. */
  at: number;
}

/** What a call is sent. */
export const parametersOf = ({ parameters }: Pick<TaskCall, 'parameters'>): Json => jsonOf(parameters);

/** What the world says to a call, in order; `after`: milliseconds since it was made. Outputs are JSON text. */
export interface Reply {
  after: number;
  what:
    | { type: 'TaskStarted'; workerName?: string }
    | { type: 'TaskSubmitted'; output: string }
    | { type: 'TaskSucceeded'; output: string }
    | { type: 'TaskFailed'; error?: string; cause?: string };
}

/** How a map run ends. */
export type MapRunReply =
  | { type: 'MapRunSucceeded'; output: string; after: number }
  | { type: 'MapRunFailed'; error: string; cause?: string; after: number };
