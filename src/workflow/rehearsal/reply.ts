import type { Json } from '../../json/json.js';
import type { Place } from './step-place.js';

/** A Task that asks the world; `parameters` is what it is sent. */
export interface TaskCall {
  place: Place;
  resource: string;
  readonly parameters: Json;
  taskToken?: string;
  /** Epoch milliseconds of the execution's own time. */
  at: number;
}

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
