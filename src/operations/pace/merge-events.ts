/**
 * What several works tell as they go, as one stream, in the order in which they tell it; a failure comes after all that
 * was told before it.
 * @param work `tell` resolves when whoever reads the stream is done with the event
 */
export async function* eventsOf<E, R>(
  work: (tell: (event: E) => Promise<void>) => Promise<R>,
): AsyncGenerator<E, R, undefined> {
  const told: { event: E; taken: () => void }[] = [];
  let wake = (): void => {};
  let over = false;
  const tell = (event: E): Promise<void> =>
    new Promise((taken) => {
      if (over) return taken();
      told.push({ event, taken });
      wake();
    });
  let done = false;
  const result = work(tell).finally(() => {
    done = true;
    wake();
  });
  // It is thrown below, in its turn.
  result.catch(() => {});
  try {
    for (;;) {
      const next = told.shift();
      if (next) {
        try {
          yield next.event;
        } finally {
          next.taken();
        }
      } else if (done) {
        return await result;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    // Nobody reads any more: whoever tells something is not kept waiting.
    over = true;
    for (const { taken } of told) taken();
  }
}
