import type { Gateways } from '../../ports/aws.js';
import { isExpress } from '../../workflow/names/arn.js';
import { readExpressLog } from '../follow/express-log.js';
import { type ShownExecution, showExecution, shownHistory } from './show-execution.js';

/**
 * Reads any execution as it is now: a STANDARD one by its history, an EXPRESS one by its machine's log. `now`: epoch
 * milliseconds.
 */
export const showAnyExecution = async (
  gateways: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  now: number,
): Promise<ShownExecution> =>
  isExpress(executionArn)
    ? shownHistory(await readExpressLog(gateways, executionArn, now))
    : await showExecution(gateways.states, executionArn);
