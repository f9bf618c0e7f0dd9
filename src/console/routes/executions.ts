import { FlowError } from '../../errors.js';
import { planRedrive, refuseUnredrivable } from '../../operations/execution/plan-redrive.js';
import { stopExecution } from '../../operations/execution/stop-executions.js';
import type { DoneDocument } from '../api.js';
import type { Console } from '../console.js';
import { textsIn } from '../http/fields.js';
import type { ApiRequest, Route } from '../http/route.js';

/** Of one request; a page sends several where more were chosen. */
const MOST = 1_000;

export const executionRoutes: Route[] = [
  {
    method: 'POST',
    path: '/api/executions/stop',
    changes: true,
    async run(request, console) {
      const { gateways, flagsForHints } = await console.target();
      return await onEach(request, console, (arn) => stopExecution(gateways.states, arn, {}, flagsForHints));
    },
  },
  {
    method: 'POST',
    path: '/api/executions/redrive',
    changes: true,
    async run(request, console) {
      const { gateways, flagsForHints } = await console.target();
      return await onEach(request, console, async (arn) => {
        refuseUnredrivable(await planRedrive(gateways.states, arn), flagsForHints);
        await gateways.states.redriveExecution(arn);
      });
    },
  },
];

/** One after the other; what one could not be done to does not keep the others. */
async function onEach(
  { body, signal }: ApiRequest,
  { desk }: Console,
  act: (executionArn: string) => Promise<unknown>,
): Promise<DoneDocument> {
  const results: DoneDocument['results'] = [];
  for (const executionArn of textsIn(body, 'executions', MOST)) {
    if (signal.aborted) break;
    try {
      await act(executionArn);
      results.push({ executionArn });
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      const { code, message } = error;
      results.push({ executionArn, error: { code, message } });
    }
    desk.touch(executionArn);
  }
  return { results };
}
