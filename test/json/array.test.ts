import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayElements, createArraySplitter } from '../../src/json/array.js';

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
  expect(splitter.push(Buffer.from('[{"a":"]"},'))).toEqual(['{"a":"]"}']);
  expect(splitter.push(Buffer.from('"日'))).toEqual([]);
  expect(splitter.push(Buffer.from('本"]'))).toEqual(['"日本"']);
});
