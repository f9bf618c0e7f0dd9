import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchRows } from '../../../../src/local/functions/reference/batch-rows.js';

describe('batchRows', () => {
  it('takes the rows out of any batch as they are written', () => {
    const key = fc.constantFrom('Items', 'id', 'BatchInput', 'a"b', '},{', ']', '"Items":[');
    const value = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(
        fc.dictionary(key, value),
        fc.array(value),
        fc.dictionary(key, value),
        (before, items, after) => {
          const input = { ...before, Items: items, ...after };
          const found = batchRows(JSON.stringify(input));
          if (!Array.isArray(input.Items)) {
            expect(found).toBeUndefined();
            return;
          }
          expect(found?.rows).toEqual(input.Items.map((item) => JSON.stringify(item)));
          expect(found?.rest).toEqual(JSON.parse(JSON.stringify({ ...input, Items: [] })));
        },
      ),
    );
  });

  it.each([
    'null',
    '[]',
    '[{"Items":[1]}]',
    '{"a":{"Items":[1]}}',
    '"{\\"Items\\":[1]}"',
    '{"Items":{}}',
    '{}',
  ])('finds none in %s', (text) => expect(batchRows(text)).toBeUndefined());
});
