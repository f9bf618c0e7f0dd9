import { language } from '../core/settings.js';
import { executionsEn, executionsJa } from './executions.js';
import { machinesEn, machinesJa } from './machines.js';
import { overviewEn, overviewJa } from './overview.js';
import { pausedEn, pausedJa } from './paused.js';
import { shellEn, shellJa } from './shell.js';
import type { Words } from './words.js';

const en = {
  shell: shellEn,
  executions: executionsEn,
  machines: machinesEn,
  overview: overviewEn,
  paused: pausedEn,
};
const ja: Words<typeof en> = {
  shell: shellJa,
  executions: executionsJa,
  machines: machinesJa,
  overview: overviewJa,
  paused: pausedJa,
};

/** All texts, in the language that was chosen; who calls it in a component is drawn again when that changes. */
export const t = (): Words<typeof en> => (language.value === 'ja' ? ja : en);
