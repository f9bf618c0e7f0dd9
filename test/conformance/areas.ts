import { api } from './api.js';
import type { Area } from './case.js';
import { executions } from './executions.js';
import { testState } from './test-state.js';
import { validity } from './validity.js';

/** Everything that `npm run conformance` runs, in the order of its table. */
export const areas: Record<string, Area> = { executions, validity, 'test-state': testState, api };
