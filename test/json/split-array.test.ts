import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayElements, createArraySplitter } from '../../src/json/split-array.js';

async function* chunksOf(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('any JSON array comes apart into its elements, however its bytes are cut', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.jsonValue()),
    fc.boolean(),
    chunkSizes,
    async (array, indented, sizes) => {
      const bytes = Buffer.from(JSON.stringify(array, null, indented ? 2 : 0));
      const elements: unknown[] = [];
      for await (const element of arrayElements(chunksOf(bytes, sizes))) elements.push(element);
      expect(elements).toEqual(JSON.parse(JSON.stringify(array)));
    },
  );
  await fc.assert(property, { numRuns: 500 });
});

test('one element is held at a time', () => {
  const splitter = createArraySplitter();
  expect(splitter.push(Buffer.from('[{"a":"]"},'))).toEqual([{ text: '{"a":"]"}' }]);
  expect(splitter.push(Buffer.from('"日'))).toEqual([]);
  expect(splitter.push(Buffer.from('本"]'))).toEqual([{ text: '"日本"' }]);
});

test('a late member is read when it is asked for, however the bytes are cut', async () => {
  const record = fc.record({
    Name: fc.constantFrom('Input', 'x'),
    Input: fc.string(),
    Output: fc.jsonValue(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record), fc.boolean(), chunkSizes, async (records, indented, sizes) => {
      const bytes = Buffer.from(JSON.stringify(records, null, indented ? 2 : 0));
      const elements: unknown[] = [];
      for await (const element of arrayElements<{ Input: string }>(chunksOf(bytes, sizes), 'Input'))
        elements.push({ ...element });
      expect(elements).toEqual(JSON.parse(JSON.stringify(records)));
    }),
    { numRuns: 500 },
  );
  const [only] = createArraySplitter('Input').push(
    Buffer.from('[{"a":1,"Input":"{\\"b\\":2}","c":{"Input":"d"}}]'),
  );
  expect(only?.text).toBe('{"a":1,"Input":null,"c":{"Input":"d"}}');
  expect(String(only?.late)).toBe('"{\\"b\\":2}"');
});
