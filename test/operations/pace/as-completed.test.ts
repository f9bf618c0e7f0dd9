import { expect, test } from 'vitest';
import { asDone } from '../../../src/operations/pace/as-completed.js';

function gate(): { passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

test('each result comes as it is done, not in the order of the items', async () => {
  const slow = gate();
  const work = async (item: string): Promise<string> => {
    if (item === 'slow') await slow.passed;
    return item;
  };
  const seen: string[] = [];
  for await (const item of asDone(['slow', 'a', 'b'], 2, work)) {
    seen.push(item);
    if (item === 'b') slow.open();
  }
  expect(seen).toEqual(['a', 'b', 'slow']);
});

test('what was done before a failure is read first; then it is thrown', async () => {
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of asDone([1, 2, 3], 1, async (item) => {
      if (item === 2) throw new Error('no 2');
      return item;
    }))
      seen.push(item);
  })();
  await expect(reading).rejects.toThrow('no 2');
  expect(seen).toEqual([1]);
});

test('when the reader leaves, nothing else is begun', async () => {
  const begun: number[] = [];
  const held = gate();
  const work = async (item: number): Promise<number> => {
    begun.push(item);
    if (item > 1) await held.passed;
    return item;
  };
  for await (const item of asDone([1, 2, 3, 4], 1, work)) if (item === 1) break;
  held.open();
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual([1, 2]);
});
