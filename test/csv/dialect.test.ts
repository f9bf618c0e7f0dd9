import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unreadDelimiter } from '../../src/csv/dialect.js';

const bytes = (lines: string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);
const word = fc.stringMatching(/^[\p{L}0-9 ._-]{1,8}$/u);

test('whatever separates the cells of a one-column file alike in all of its lines is found', () => {
  const separators = fc.constantFrom(
    ':',
    '^',
    '~',
    '#',
    '¦',
    '、',
    '，',
    '；',
    '：',
    '｜',
    '\u3000',
    '\u0001',
    '=',
    '::',
    '||',
  );
  fc.assert(
    fc.property(
      separators,
      fc.integer({ min: 2, max: 5 }).chain((columns) =>
        fc.array(fc.array(word, { minLength: columns, maxLength: columns }), {
          minLength: 2,
          maxLength: 20,
        }),
      ),
      (separator, rows) => {
        expect(unreadDelimiter(bytes(rows.map((cells) => cells.join(separator))), ',', true)).toBe(
          separator[0],
        );
      },
    ),
  );
});

test.each([
  ['a header alone', ['id:name']],
  ['plain values', ['id', '1', '2']],
  ['times under a plain name', ['time', '12:30', '13:45']],
  ['dates, addresses, paths', ['day', '2026-01-01', '2026-01-02']],
  ['a mark that some lines lack', ['a:b', 'c:d', 'e']],
  ['cells that are read already', ['a:b,c', 'd:e,f']],
])('%s are no sign of one', (_, lines) => {
  expect(unreadDelimiter(bytes(lines), ',', true)).toBeUndefined();
});
