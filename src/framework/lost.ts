import { isObject, parsedJson } from '../json/json.js';
import type { ExecutionModel } from '../workflow/history/execution-model.js';
import { unwrapped } from './import/batch-reply.js';
import { jobState } from './import/job-state.js';
import { finalizeState } from './import/machine.js';

/** Of a Distributed Map's items. */
interface Counts {
  failed: number;
  timedOut: number;
  aborted: number;
}

/** What an execution lost that SUCCEEDED all the same. */
export interface Lost {
  /** Items whose failures its Map runs tolerated. */
  items: number;
  /** An import's last step said so. */
  jobFailed: boolean;
}

/** Undefined where it lost nothing, or did not succeed. */
export function lostBy(
  { status, root }: ExecutionModel,
  mapRuns: readonly { itemCounts: Counts }[],
): Lost | undefined {
  if (status !== 'SUCCEEDED') return undefined;
  const answer = unwrapped(parsedJson(root.states.get(finalizeState)?.output) ?? null);
  const jobFailed = isObject(answer) && jobState(answer)?.status === 'FAILED';
  const items = mapRuns.reduce(
    (sum, { itemCounts: { failed, timedOut, aborted } }) => sum + failed + timedOut + aborted,
    0,
  );
  return jobFailed || items > 0 ? { items, jobFailed } : undefined;
}
