import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal, evaluate } from '../../src/asl/data/json-path.js';
import { jsonDifferences } from '../../src/json/difference.js';
import type { Json } from '../../src/json/json.js';

test('the places that differ, with what stands there', () => {
  const before = { a: 1, b: { c: [1, 2], 'd e': null }, same: { x: 1, y: 2 } };
  const after = { a: '1', b: { c: [1], 'd e': false }, same: { y: 2, x: 1 }, new: {} };
  expect(jsonDifferences(before, after)).toEqual([
    { path: '$.a', before: '1', after: '"1"' },
    { path: '$.b.c[1]', before: '2' },
    { path: "$.b['d e']", before: 'null', after: 'false' },
    { path: '$.new', after: '{}' },
  ]);
});

test('there are some exactly where values are not alike, and their paths lead there', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, json, (before, after) => {
      const differences = jsonDifferences(before, after);
      expect(differences.length === 0).toBe(equal(before, after));
      for (const { path, before: text } of differences)
        if (text !== undefined && !/['\\]{2}|\\/.test(path))
          expect(JSON.stringify(evaluate(path, before))).toBe(text);
    }),
    { numRuns: 300 },
  );
});
