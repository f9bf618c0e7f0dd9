import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { SavedHistory } from '../../workflow/history/saved-history.js';

/** Events of one step when nothing is waited for. */
const STEP = 500;
/** Longest wait between two steps: a pause of a week is no use to anyone. */
const LONGEST_PAUSE = 2_000;

/**
 * A saved history's events as they came, so many times as fast; ends early when `signal` fires.
 * @param times Infinity: without waiting
 */
export async function* replay(
  { events }: Pick<SavedHistory, 'events'>,
  times: number,
  {
    clock,
    signal,
  }: { clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> }; signal: AbortSignal },
): AsyncGenerator<HistoryEvent[]> {
  for (const { some, pause } of steps(events, times)) {
    // Also lets a screen draw and its keys be heard.
    await clock.sleep(pause, signal).catch(() => {});
    if (signal.aborted) return;
    yield some;
  }
}

/** Events that are shown together, and how long to wait before them. */
function* steps(events: HistoryEvent[], times: number) {
  if (times === Number.POSITIVE_INFINITY) {
    for (let from = 0; from < events.length; from += STEP)
      yield { some: events.slice(from, from + STEP), pause: 0 };
    return;
  }
  for (const [index, event] of events.entries()) {
    const since = event.timestamp - (events[index - 1]?.timestamp ?? event.timestamp);
    const pause = Number.isFinite(since) ? Math.min(LONGEST_PAUSE, Math.max(0, since / times)) : 0;
    yield { some: [event], pause };
  }
}
