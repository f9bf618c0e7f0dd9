import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemsOfArray, itemsOfLines } from '../../../src/framework/task/item-text.js';

describe('items of a text', () => {
  test('as they are written: spaces between tokens go, long numbers and texts stay', () => {
    const text = '[ {"id" : 12345678901234567890, "a b":" \\" [ ] "} ,\n  "緑茶" ]';
    expect(itemsOfArray(text)).toEqual({
      items: [
        { text: '{"id":12345678901234567890,"a b":" \\" [ ] "}', bytes: 44, line: 1 },
        { text: '"緑茶"', bytes: 8, line: 2 },
      ],
      problems: [],
    });
  });

  test('any array, however it is indented, and the same as lines', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 1 }), fc.integer({ min: 0, max: 3 }), (texts, indent) => {
        const values = texts.map((text) => JSON.parse(text) as unknown);
        const array = itemsOfArray(JSON.stringify(values, null, indent));
        expect(array.items.map(({ text }) => JSON.parse(text))).toEqual(values);
        const lines = itemsOfLines(`${texts.map((text) => JSON.stringify(JSON.parse(text))).join('\n\n')}\n`);
        expect(lines.items.map(({ text }) => JSON.parse(text))).toEqual(values);
        expect(lines.items.map(({ line }) => line)).toEqual(texts.map((_, index) => 1 + 2 * index));
      }),
    );
  });

  test('where it goes wrong', () => {
    expect(itemsOfArray('[1,\n 2,\n  oops]').problems).toMatchObject([{ code: 'InvalidJson', line: 3 }]);
    expect(itemsOfArray('\n {"a":1}').problems).toMatchObject([{ code: 'NotAnArray', line: 2, column: 2 }]);
    const { items, problems } = itemsOfLines('{"a":1}\r\n{"a":}\r\n\r\n{"a":2}\r\n[1\r\n');
    expect(items.map(({ line }) => line)).toEqual([1, 4]);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 6],
      [5, 3],
    ]);
  });
});
