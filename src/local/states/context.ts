import type { Clock } from '../clock.js';
import type { Activities } from '../runtime/activities.js';
import type { Executions } from '../runtime/executions.js';
import type { MapRuns } from '../runtime/map-runs/map-runs.js';
import type { Tokens } from '../runtime/tokens.js';
import type { Store } from '../store/port.js';

/** What the operations of Step Functions' API work with. */
export interface StatesContext {
  store: Store;
  clock: Clock;
  executions: Executions;
  mapRuns: MapRuns;
  activities: Activities;
  tokens: Tokens;
  /** ARNs of the machines that were registered through the API since the server started. */
  registered?: Set<string>;
  /** Absent: there is no CloudWatch Logs to ask. */
  logGroupExists?: (name: string) => boolean;
}
