import { sideBySide } from './concurrently.js';
import { eventsOf } from './merge-events.js';

/** What `work` makes of `items`, some at a time, each as it is done. When the reader leaves, no other is begun. */
export async function* asDone<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  let left = false;
  function* wanted(): Generator<T> {
    for (const item of items) {
      if (left) return;
      yield item;
    }
  }
  try {
    yield* eventsOf<R, void>((tell) =>
      sideBySide(wanted(), atOnce, async (item) => {
        // The next one is begun whether this one has been read or not.
        void tell(await work(item));
      }),
    );
  } finally {
    left = true;
  }
}
