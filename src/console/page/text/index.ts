import { language } from '../core/settings.js';
import { executionEn, executionJa } from './execution.js';
import { executionsEn, executionsJa } from './executions.js';
import { importsEn, importsJa } from './imports.js';
import { machinesEn, machinesJa } from './machines.js';
import { mapRunsEn, mapRunsJa } from './map-runs.js';
import { overviewEn, overviewJa } from './overview.js';
import { pausedEn, pausedJa } from './paused.js';
import { shellEn, shellJa } from './shell.js';
import type { Words } from './words.js';

const en = {
  shell: shellEn,
  execution: executionEn,
  executions: executionsEn,
  imports: importsEn,
  machines: machinesEn,
  mapRuns: mapRunsEn,
  overview: overviewEn,
  paused: pausedEn,
};
const ja: Words<typeof en> = {
  shell: shellJa,
  execution: executionJa,
  executions: executionsJa,
  imports: importsJa,
  machines: machinesJa,
  mapRuns: mapRunsJa,
  overview: overviewJa,
  paused: pausedJa,
};

/** All texts, in the language that was chosen; who calls it in a component is drawn again when that changes. */
export const t = (): Words<typeof en> => (language.value === 'ja' ? ja : en);
