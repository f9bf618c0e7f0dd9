import { exitCodes, failedWith } from '../../errors.js';
import type { MapRunDescription, StepFunctionsGateway } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import { type MapRunFailures, mapRunFailures } from './map-run-failures.js';

/** A map run, and why executions of it failed, as far as they were looked at. */
export interface ExplainedMapRun extends MapRunDescription {
  why?: Pick<MapRunFailures, 'looked' | 'groups'>;
}

/** @returns whether some reason is new */
export type ExplainMapRuns = (
  runs: readonly MapRunDescription[],
) => Promise<{ runs: ExplainedMapRun[]; fresh: boolean }>;

/** Milliseconds between two looks at the failures of a run that goes on: each takes a call for every one of them. */
const PAUSE = 15_000;
const MOST_LOOKED = 20;

/** Looks at executions that failed as they become more, and once more when their run has ended. */
export function explainMapRuns(
  states: Pick<StepFunctionsGateway, 'listExecutions' | 'describeExecution'>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): ExplainMapRuns {
  const known = new Map<string, { counted: string; at: number; why: ExplainedMapRun['why'] }>();
  return async (runs) => {
    let fresh = false;
    for (const run of runs) {
      const { mapRunArn, status, executionCounts } = run;
      const { failed, timedOut } = executionCounts;
      if (failed + timedOut === 0) continue;
      const before = known.get(mapRunArn);
      const counted = JSON.stringify([failed, timedOut, status]);
      if (before?.counted === counted || signal.aborted) continue;
      if (before && status === 'RUNNING' && clock.now() - before.at < PAUSE) continue;
      const [found] = await mapRunFailures(states, [run], MOST_LOOKED).catch((error: unknown) => {
        // What was counted says enough, where nothing more can be had now.
        if (failedWith(error, exitCodes.unreachable)) return [];
        throw error;
      });
      known.set(mapRunArn, { counted, at: clock.now(), why: found ?? before?.why });
      fresh ||= found !== undefined;
    }
    return { fresh, runs: runs.map((run) => ({ ...run, why: known.get(run.mapRunArn)?.why })) };
  };
}
