import type { ExplainedMapRun } from '../../operations/follow/explain-map-runs.js';
import type { FollowAllOptions } from '../../operations/follow/follow-all.js';
import type { MapRunDescription } from '../../ports/aws.js';
import { createLogLines, createLogReader } from '../../views/execution/log-lines.js';
import { oneLine } from '../../views/text/safe-text.js';
import {
  changeDocument,
  changeLine,
  mapRunDocument,
  mapRunLine,
  mapRunReasonDocument,
  mapRunReasonLines,
} from '../../views/watch/lines.js';
import type { Change } from '../../workflow/history/execution-model.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import type { Followed, Progress } from './followed.js';
import { openScreenProgress } from './screen-progress.js';

/**
 * A screen on a terminal, lines or JSON objects elsewhere.
 * @param onQuit the user leaves by a key
 * @param now epoch milliseconds, which durations are counted to
 */
export async function openProgress(
  context: Context,
  followed: Followed[],
  onQuit: () => void,
  now: () => number = context.clock.now,
): Promise<Progress> {
  return context.screen
    ? await openScreenProgress(context, context.screen(), followed, onQuit, now)
    : lineProgress(context, followed, now);
}

/** Tells the log lines of what is followed as progress. */
export function logTeller(progress: Progress): NonNullable<FollowAllOptions<Followed>['logs']> {
  const read = createLogReader({ errors: false });
  return {
    onLines: (one, lines) =>
      progress.logged(
        one,
        lines.flatMap((line) => read(line) ?? []),
      ),
    onMissing: (one, group) => progress.noted(one, `There is no log group ${group} (yet).`),
    onFailure: (one, { message }) => progress.noted(one, `No log lines: ${oneLine(message)}`),
  };
}

function lineProgress({ out, err, terminal }: Context, followed: Followed[], now: () => number): Progress {
  const stateName = (one: Followed, run: MapRunDescription): string =>
    one.model?.mapRuns.find(({ mapRunArn }) => mapRunArn === run.mapRunArn)?.stateName ?? '';
  const label = ({ executionArn }: Followed): string =>
    followed.length > 1 ? (executionParts(executionArn).name ?? executionArn) : '';
  const tell = (one: Followed, change: Change): void => {
    // The change may be told when the model has gone on from it.
    const ended = change.type === 'execution' && change.status === 'SUCCEEDED';
    const { output } = (ended && one.own && one.model) || {};
    const line = changeLine(change, terminal, label(one), output);
    out.event(
      {
        ...changeDocument(one.unnamed ? null : one.executionArn, change),
        ...(output !== undefined && { output }),
      },
      line === undefined ? [] : [line],
    );
  };
  const logLines = createLogLines({ ...terminal, stdoutIsTTY: false, several: followed.length > 1 });
  const told = new Map<string, string>();
  const tellCounts = (one: Followed, run: MapRunDescription): void => {
    const counts = JSON.stringify([run.status, run.itemCounts]);
    if (told.get(run.mapRunArn) === counts) return;
    told.set(run.mapRunArn, counts);
    const at = run.stopDate?.getTime() ?? now();
    const state = stateName(one, run);
    out.event(mapRunDocument(run, state, at), [mapRunLine(run, state, at, terminal, label(one))]);
  };
  /** Once the run has ended: until then it may fail for more reasons. */
  const tellReasons = (one: Followed, run: ExplainedMapRun): void => {
    if (!run.why || run.status === 'RUNNING' || told.has(`why ${run.mapRunArn} ${run.redriveCount}`)) return;
    told.set(`why ${run.mapRunArn} ${run.redriveCount}`, '');
    const state = stateName(one, run);
    const at = run.stopDate?.getTime() ?? now();
    out.event(mapRunReasonDocument(run, state, at), mapRunReasonLines(run, state, at, terminal, label(one)));
  };
  return {
    ticks: false,
    update(one, changes) {
      const end = changes.at(-1)?.type === 'execution' ? changes.slice(-1) : [];
      for (const change of changes.slice(0, changes.length - end.length)) {
        // A run's last counts belong before its end, and before what came after it.
        const ended = change.type === 'mapRun' && change.status !== 'RUNNING' ? change.mapRunArn : undefined;
        for (const run of one.mapRuns) if (run.mapRunArn === ended) tellCounts(one, run);
        tell(one, change);
      }
      for (const run of one.mapRuns) tellCounts(one, run);
      for (const run of one.mapRuns) tellReasons(one, run);
      // The outcome is the last line.
      for (const change of end) tell(one, change);
    },
    logged({ executionArn }, documents) {
      for (const log of documents)
        out.event({ type: 'log', timestamp: log.timestamp, executionArn, log }, logLines(log));
    },
    noted: (_one, text) => err.notice(text),
    close: async () => {},
  };
}
