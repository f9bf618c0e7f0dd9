import { type ExitCode, exitCodes } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { historyEnds } from '../../operations/execution/show-execution.js';
import { replay } from '../../operations/follow/replay.js';
import { executionDocument } from '../../views/execution/show-document.js';
import { createModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { readSavedHistory } from '../../workflow/history/saved-history.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interruption.js';
import type { Followed } from './followed.js';
import { openProgress } from './progress.js';

/**
 * Plays a saved history as `watch` would have shown it; ends with its outcome.
 * @param only ARN or name of the execution that is meant, of log lines of several
 */
export async function replayHistory(
  context: Context,
  file: string,
  speed: number,
  only: string | undefined,
): Promise<ExitCode> {
  const { clock, out } = context;
  const saved = readSavedHistory(await readText(context, file), file === '-' ? 'stdin' : file, only);
  const { executionArn } = saved;
  const model = createModel();
  const followed: Followed = {
    executionArn: executionArn ?? file,
    unnamed: executionArn === undefined,
    reference: file,
    model,
    mapRuns: [],
  };
  const quit = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  let lastAt = saved.events[0]?.timestamp ?? 0;
  // Durations are those of then.
  const progress = await openProgress(
    context,
    [followed],
    () => quit.abort(),
    () => lastAt,
  );
  try {
    for await (const events of replay(saved, speed, { clock, signal })) {
      lastAt = events.at(-1)?.timestamp ?? lastAt;
      progress.update(followed, applyEvents(model, events));
    }
  } finally {
    await progress.close();
  }
  const ends = historyEnds(saved);
  out.summary(() =>
    executionDocument({
      executionArn,
      ...executionParts(executionArn),
      model,
      mapRuns: [],
      historyEnds: ends,
    }),
  );
  if (ends !== undefined && !signal.aborted)
    context.err.notice('The history ends here, before the execution did.');
  if (signal.aborted) throw interrupted(context, 'Interrupted.');
  return model.status === 'SUCCEEDED' || model.status === 'RUNNING' ? exitCodes.ok : exitCodes.failed;
}
