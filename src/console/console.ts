import type { Context } from '../cli/shell/context.js';
import type { Target } from '../cli/shell/target.js';
import type { Desk } from './desk.js';
import type { ImportRuns } from './imports/import-runs.js';
import type { Uploads } from './imports/uploads.js';

/** What routes and topics work with: one target, and what looks around it. */
export interface Console {
  context: Context;
  /** Connected at the first call. Its calls are made at once, for somebody waits. @throws FlowError */
  target(): Promise<Target>;
  /** Nothing is changed, whatever is asked. */
  readOnly: boolean;
  desk: Desk;
  uploads: Uploads;
  importRuns: ImportRuns;
  /** Fires when the console ends. */
  signal: AbortSignal;
}
