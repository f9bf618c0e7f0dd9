import type { Route } from '../http/route.js';
import { oneExecutionRoutes } from './execution.js';
import { executionRoutes } from './executions.js';
import { importRoutes } from './imports.js';
import { machineRoutes } from './machines.js';
import { mapRunRoutes } from './map-runs.js';
import { pausedRoutes } from './paused.js';
import { targetRoutes } from './target.js';

/** Every address of the API: a line for each file beside this one. */
export const routes: readonly Route[] = [
  ...targetRoutes,
  ...executionRoutes,
  ...importRoutes,
  ...oneExecutionRoutes,
  ...machineRoutes,
  ...mapRunRoutes,
  ...pausedRoutes,
];
