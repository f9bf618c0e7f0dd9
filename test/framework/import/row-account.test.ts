import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findReply } from '../../../src/framework/import/batch-reply.js';
import { createRowLocator } from '../../../src/framework/import/locate-rows.js';
import { createRowLedger, type RowFailure } from '../../../src/framework/import/row-ledger.js';
import type { Json } from '../../../src/json/json.js';

const reply = { totalRows: 2, succeededRows: 1, failedRows: 1, failures: [{ index: 1, reason: '在庫なし' }] };

describe('findReply', () => {
  test('as it is, and wrapped as Lambda and the framework do', () => {
    for (const output of [reply, [[reply]], { Payload: [[reply]], StatusCode: 200 }, { Payload: reply }]) {
      expect(findReply(output as Json)).toEqual(reply);
    }
  });
  test('nothing is guessed', () => {
    for (const output of [null, 'x', [], [reply, reply], { status: 'ok' }, undefined]) {
      expect(findReply(output as Json | undefined)).toBeUndefined();
    }
  });
});

describe('ledger', () => {
  test('rows without a word from anyone are unknown', () => {
    const ledger = createRowLedger(10);
    ledger.succeeded({ input: '{"Items":[{},{}]}', output: JSON.stringify(reply) }, false);
    ledger.succeeded({ input: '{"Items":[{},{},{}]}', output: '"done"' }, false);
    expect(ledger.close().counts).toEqual({
      total: 10,
      succeeded: 1,
      failed: 1,
      queued: 0,
      failedLater: 0,
      deadLettered: 0,
      unknown: 8,
    });
  });
  test('what a queueing function took without naming failures is queued, not stored', () => {
    const ledger = createRowLedger(2);
    const output = '{"totalRows":2,"succeededRows":2,"failedRows":0}';
    ledger.succeeded({ input: '{"Items":[{},{}]}', output }, true);
    expect(ledger.close().counts).toEqual({
      total: 2,
      succeeded: 0,
      failed: 0,
      queued: 2,
      failedLater: 0,
      deadLettered: 0,
      unknown: 0,
    });
  });
});

interface Row {
  index: number;
  line: number;
  item: Record<string, string>;
}
const cell = fc.constantFrom('', 'a', '日本', 'b"', 'x,y');
const table = fc.array(fc.record({ id: cell, name: cell }), { minLength: 1, maxLength: 60 });

/** Batches as the machine makes them of rows, by count. */
function batchesOf(rows: Row[], size: number): Row[][] {
  const batches: Row[][] = [];
  for (let at = 0; at < rows.length; at += size) batches.push(rows.slice(at, at + size));
  return batches;
}

test('each failure comes back to its line, whatever order the children ended in', () => {
  const property = fc.property(
    table,
    fc.integer({ min: 1, max: 7 }),
    fc.func(fc.constantFrom('ok', 'ok', 'row', 'batch')),
    fc.infiniteStream(fc.nat(1000)),
    (items, size, fateOf, dice) => {
      const rows = items.map((item, index) => ({ index, line: index * 2 + 2, item }));
      const batches = batchesOf(rows, size);
      const ledger = createRowLedger(rows.length);
      const expected: RowFailure[] = [];
      const ends = batches.map((batch) => {
        const content = JSON.stringify(batch.map(({ item }) => item));
        // The fate follows from the content, so identical batches are truly interchangeable.
        const fate = fateOf(content);
        const input = `{"BatchInput":{"Attributes":{"t":1}},"Items":${content}}`;
        if (fate === 'batch') {
          const [first] = batch;
          const last = batch.at(-1);
          expected.push(
            batch.length === 1
              ? { line: first?.line ?? 0, reason: 'Boom' }
              : { firstLine: first?.line, lastLine: last?.line, failed: batch.length, reason: 'Boom' },
          );
          return () => ledger.failed({ input }, 'Boom');
        }
        const failures = fate === 'row' ? [{ index: batch.length - 1, reason: 'no' }] : [];
        if (fate === 'row') expected.push({ line: batch.at(-1)?.line ?? 0, reason: 'no' });
        const output = JSON.stringify({
          totalRows: batch.length,
          succeededRows: batch.length - failures.length,
          failedRows: failures.length,
          failures,
        });
        return () => ledger.succeeded({ input, output }, true);
      });
      const shuffled = ends.map((end) => ({ end, at: dice.next().value ?? 0 })).sort((a, b) => a.at - b.at);
      for (const { end } of shuffled) end();
      const { counts, batches: failed } = ledger.close();
      const locator = createRowLocator(failed, { maxItemsPerBatch: size }, { Attributes: { t: 1 } });
      for (const row of rows) locator.push(row);
      expect(locator.end()).toEqual(expected);
      expect(counts.succeeded + counts.failed).toBe(rows.length);
      expect(counts.unknown).toBe(0);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test('replies without inputs are located by their order', () => {
  const rows = Array.from({ length: 5 }, (_, index) => ({ index, line: index + 2, item: { a: 'same' } }));
  const ledger = createRowLedger(5);
  ledger.succeededAt(0, { totalRows: 1, succeededRows: 1, failedRows: 0 });
  ledger.succeededAt(3, {
    totalRows: 1,
    succeededRows: 0,
    failedRows: 1,
    failures: [{ index: 0, reason: 'no' }],
  });
  const { batches, counts } = ledger.close();
  const locator = createRowLocator(batches, undefined, undefined);
  for (const row of rows) locator.push(row);
  expect(locator.end()).toEqual([{ line: 5, reason: 'no' }]);
  expect(counts).toMatchObject({ succeeded: 1, failed: 1, unknown: 3 });
});

test('a batch that is not in the file is told without lines', () => {
  const ledger = createRowLedger(1);
  ledger.failed({ input: '{"Items":[{"a":"other"}]}' }, 'Boom');
  const locator = createRowLocator(ledger.close().batches, { maxItemsPerBatch: 10 }, undefined);
  locator.push({ line: 2, item: { a: 'this' } });
  expect(locator.end()).toEqual([{ failed: 1, reason: 'Boom' }]);
});
