import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { SavedHistory } from '../../workflow/history/saved-history.js';

/** Most events of one step. */
const STEP = 500;
/** What falls within one picture of a screen is shown with it. */
const FRAME = 40;
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
  let some: HistoryEvent[] = [];
  let pause = 0;
  /** Since the last events were shown. */
  let passed = 0;
  for (const [index, event] of events.entries()) {
    const since = event.timestamp - (events[index - 1]?.timestamp ?? event.timestamp);
    const gap = Number.isFinite(since) ? Math.min(LONGEST_PAUSE, Math.max(0, since / times)) : 0;
    passed += gap;
    if (some.length > 0 && (passed >= FRAME || some.length >= STEP)) {
      yield { some, pause };
      some = [];
      pause = passed;
      passed = 0;
    }
    some.push(event);
  }
  if (some.length > 0) yield { some, pause };
}
