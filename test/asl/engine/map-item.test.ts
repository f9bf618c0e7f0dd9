import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateJsonata } from '../../../src/asl/data/evaluate-jsonata.mjs';
import { createBatcher, itemInput, itemSelector, listItems } from '../../../src/asl/engine/map-item.js';
import type { MapRunSpec } from '../../../src/asl/engine/protocol.js';
import type { Json, JsonObject } from '../../../src/json/json.js';
import { jsonText, parseWritten } from '../../../src/json/lossless.js';

function specWith(more: Partial<MapRunSpec>): MapRunSpec {
  return {
    stateName: 'M',
    executionType: 'STANDARD',
    itemProcessor: {},
    maxConcurrency: 0,
    toleratedFailureCount: 0,
    toleratedFailurePercentage: 0,
    input: { bucket: 'b' },
    context: { Execution: { Name: 'run' } },
    ...more,
  };
}

/** Children's inputs for a run of items, as a driver makes them. */
function batches(spec: MapRunSpec, items: Json[]): { BatchInput?: Json; Items: Json[] }[] {
  const batcher = createBatcher(spec);
  const inputs: string[] = [];
  for (const text of items.map((item) => JSON.stringify(item))) {
    if (batcher?.add(text) === 'full') {
      inputs.push(batcher.take());
      expect(batcher.add(text)).toBe('added');
    }
  }
  if (batcher?.count) inputs.push(batcher.take());
  return inputs.map((input) => JSON.parse(input) as { Items: Json[] });
}

test('without a selector an item is its own input', () => {
  const item = { a: 1 };
  expect(itemSelector(specWith({}), evaluateJsonata)(3, { value: item })).toBe(item);
});

test("a selector sees the item, its index, the map's input and context", () => {
  const select = itemSelector(
    specWith({
      itemSelector: {
        'i.$': '$$.Map.Item.Index',
        'row.$': '$$.Map.Item.Value.id',
        'from.$': '$.bucket',
        'run.$': '$$.Execution.Name',
        fixed: true,
      },
    }),
    evaluateJsonata,
  );
  expect(select(4, { value: { id: 'x' } })).toEqual({ i: 4, row: 'x', from: 'b', run: 'run', fixed: true });
  expect(() => select(0, { value: {} })).toThrow(expect.objectContaining({ error: 'States.Runtime' }));
});

test('the members of an object are its items, in the order in which they are written', () => {
  const key = fc.oneof(fc.string({ maxLength: 4 }), fc.nat(99).map(String));
  const members = fc.uniqueArray(fc.tuple(key, fc.jsonValue()), { maxLength: 8, selector: ([name]) => name });
  fc.assert(
    fc.property(members, (entries) => {
      const text = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)}}`;
      const items = listItems(parseWritten(text) as JsonObject);
      expect(items.map((item) => jsonText(itemInput(item)))).toEqual(
        entries.map(([name, value]) => `{"Key":${JSON.stringify(name)},"Value":${JSON.stringify(value)}}`),
      );
      const select = itemSelector(specWith({ itemSelector: { 'k.$': '$$.Map.Item.Key' } }), evaluateJsonata);
      expect(items.map((item, index) => select(index, item))).toEqual(entries.map(([k]) => ({ k })));
    }),
    { numRuns: 100 },
  );
});

test('no batcher where the spec has none', () => {
  expect(createBatcher(specWith({}))).toBeUndefined();
});

test('batches by count, with the batch input', () => {
  const spec = specWith({ itemBatcher: { batchInput: { t: 1 }, maxItemsPerBatch: 2 } });
  expect(batches(spec, ['a', 'b', 'c'])).toEqual([
    { BatchInput: { t: 1 }, Items: ['a', 'b'] },
    { BatchInput: { t: 1 }, Items: ['c'] },
  ]);
});

test('a limit that is too small for any item gives one item a batch', () => {
  const spec = specWith({ itemBatcher: { maxInputBytesPerBatch: 10 } });
  expect(batches(spec, [{ id: '1' }, { id: '2' }])).toEqual([
    { Items: [{ id: '1' }] },
    { Items: [{ id: '2' }] },
  ]);
});

test('no child gets more than it may, none loses an item, and no batch could have taken the next one', () => {
  const items = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 60 });
  const limits = fc.record({
    maxItemsPerBatch: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    maxInputBytesPerBatch: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
    batchInput: fc.option(fc.constant({ é: '髙' }), { nil: undefined }),
  });
  fc.assert(
    fc.property(items, limits, (all, itemBatcher) => {
      const made = batches(specWith({ itemBatcher }), all);
      expect(made.flatMap(({ Items }) => Items)).toEqual(all);
      const bytes = (batch: object): number => Buffer.byteLength(JSON.stringify(batch));
      const fits = (batch: { Items: Json[] }): boolean =>
        batch.Items.length <= (itemBatcher.maxItemsPerBatch ?? 1e9) &&
        bytes(batch) <= (itemBatcher.maxInputBytesPerBatch ?? 262_144);
      for (const [i, batch] of made.entries()) {
        expect(batch.Items.length === 1 || fits(batch)).toBe(true);
        const following = made[i + 1]?.Items[0];
        if (following !== undefined)
          expect(fits({ ...batch, Items: [...batch.Items, following] })).toBe(false);
      }
    }),
  );
});
