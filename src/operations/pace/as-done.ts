import { sideBySide } from './concurrently.js';

/** What `work` makes of `items`, some at a time, each as it is done. When the reader leaves, no other is begun. */
export async function* asDone<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const done: R[] = [];
  let wake = (): void => {};
  let over = false;
  let left = false;
  function* wanted(): Generator<T> {
    for (const item of items) {
      if (left) return;
      yield item;
    }
  }
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const all = sideBySide(wanted(), atOnce, async (item) => {
    done.push(await work(item));
    wake();
  }).finally(() => {
    over = true;
    wake();
  });
  // Its failure is thrown below, once what was done before it has been read.
  all.catch(() => {});
  try {
    while (!over || done.length > 0) {
      if (done.length === 0) await woken();
      yield* done.splice(0);
    }
    await all;
  } finally {
    left = true;
  }
}
