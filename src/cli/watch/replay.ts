import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { executionDocument } from '../../views/execution/show-document.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { createModel } from '../../workflow/history/model.js';
import { readSavedHistory, type SavedHistory } from '../../workflow/history/saved-history.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interrupted.js';
import { type Followed, openProgress } from './progress.js';

/** Events of one step when nothing is waited for. */
const STEP = 500;
/** Longest wait between two steps: a pause of a week is no use to anyone. */
const LONGEST_PAUSE = 2_000;

/** Plays a saved history as `watch` would have shown it; ends with its outcome. */
export async function replayHistory(
  context: Context,
  file: string,
  speed: string,
  only: string | undefined,
): Promise<ExitCode> {
  const times = speed === 'max' ? Number.POSITIVE_INFINITY : Number(speed);
  if (!(times > 0)) {
    throw new FlowError(exitCodes.usage, 'BadUsage', `'${speed}' is no speed`, {
      where: '--speed',
      hint: '--speed 10, or --speed max',
    });
  }
  const saved = readSavedHistory(await readText(context, file), file === '-' ? 'stdin' : file, only);
  const executionArn = saved.executionArn ?? file;
  const model = createModel();
  const followed: Followed = { executionArn, reference: file, model, mapRuns: [] };
  const left = new AbortController();
  const leave = (): void => left.abort();
  context.signal.addEventListener('abort', leave);
  let lastAt = saved.events[0]?.timestamp ?? 0;
  // Durations are those of then.
  const clock = { ...context.clock, now: () => lastAt };
  const progress = await openProgress(Object.create(context, { clock: { value: clock } }), [followed], leave);
  try {
    for (const { events, pause } of steps(saved, times)) {
      // Also lets the screen draw and the keys be heard.
      await context.clock.sleep(pause, left.signal).catch(() => {});
      if (left.signal.aborted) break;
      lastAt = events.at(-1)?.timestamp ?? lastAt;
      progress.update(followed, applyEvents(model, events));
    }
  } finally {
    context.signal.removeEventListener('abort', leave);
    await progress.close();
  }
  if (context.output === 'json') {
    const { executionArn } = saved;
    context.out.json(
      executionDocument({ executionArn, ...executionParts(executionArn), model, mapRuns: [] }),
    );
  }
  if (left.signal.aborted) throw interrupted(context, 'Interrupted.');
  return model.status === 'SUCCEEDED' || model.status === 'RUNNING' ? exitCodes.ok : exitCodes.failed;
}

/** Events that are shown together, and how long to wait before them. */
function* steps({ events }: SavedHistory, times: number) {
  if (times === Number.POSITIVE_INFINITY) {
    for (let from = 0; from < events.length; from += STEP) {
      yield { events: events.slice(from, from + STEP), pause: 0 };
    }
    return;
  }
  for (const [index, event] of events.entries()) {
    const since = event.timestamp - (events[index - 1]?.timestamp ?? event.timestamp);
    const pause = Number.isFinite(since) ? Math.min(LONGEST_PAUSE, Math.max(0, since / times)) : 0;
    yield { events: [event], pause };
  }
}
