import type { Rehearsal, RehearsalOrder } from '../../operations/rehearsal/rehearse-execution.js';
import { shellWord } from '../../workflow/failure/advice.js';
import { SAVE_ALL } from '../../workflow/history/incomplete-history.js';
import type { MapRunCall } from '../../workflow/rehearsal/play.js';
import type { TaskCall } from '../../workflow/rehearsal/reply.js';
import { placeText } from '../../workflow/rehearsal/step-place.js';
import { isTask, missingSent } from './rehearsal-document.js';

/** What is missing, and what to type. */
export function missingText({
  missing,
  lack,
  order,
}: Rehearsal): { message: string; hint: string } | undefined {
  if (!missing) return undefined;
  const { detail, hint } = isTask(missing) ? ofTask(missing) : ofMapRun(missing, order);
  const saved = order.recorded.savedIn !== undefined && lack !== undefined;
  return {
    message: `the history ${lack === undefined ? '' : `${lack}, and `}has no answer for ${placeText(missing.place)}${detail}`,
    // Without an iteration it is the answer of all of them.
    hint: `${hint}; * stands for every state without an answer${saved ? `; ${SAVE_ALL}` : ''}`,
  };
}

interface Missing {
  detail: string;
  hint: string;
}

function ofTask(missing: TaskCall): Missing {
  const { stateName } = missing.place;
  const sent = missingSent(missing) ?? '';
  const answer = missing.resource.endsWith(':lambda:invoke') ? '{"Payload":{…}}' : '{…}';
  const call = /:lambda:/.test(missing.resource) ? ` or --call ${shellWord(stateName)}` : '';
  return {
    detail: `; it is sent ${sent.length > 300 ? `${sent.slice(0, 300)}…` : sent}`,
    hint: `--answer '${stateName}=${answer}'${call}`,
  };
}

/** Of a Map whose items run in executions of their own. */
function ofMapRun({ place: { stateName }, effect }: MapRunCall, { gateways }: RehearsalOrder): Missing {
  const result = `--answer '${stateName}=[…]'`;
  if (effect.spec.itemReader === undefined) return { detail: '', hint: result };
  const items = `--answers FILE with {"${stateName}": {"items": […]}} or ${result}`;
  return gateways === undefined
    ? {
        detail: '; a saved history has nothing of what its ItemReader reads',
        hint: `--target NAME (or --local) to read it there, ${items}`,
      }
    : { detail: '; what its ItemReader reads is not there', hint: items };
}
