import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { formatDuration } from '../../../src/views/text/duration.js';
import { oneLine } from '../../../src/views/text/safe-text.js';
import { padded, truncate } from '../../../src/views/text/width.js';
import { parseDuration } from '../../../src/workflow/definition/duration.js';

test.each([
  [0, '0 ms'],
  [849.6, '850 ms'],
  [4240, '4.2 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [192_000, '3 min 12 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
  [Number.NaN, '—'],
])('%d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  ['90', 90_000],
  ['1.5', 1500],
  ['5m', 300_000],
  ['250ms', 250],
  ['2h', 7_200_000],
  ['soon', undefined],
  ['-1', undefined],
  ['5 parsecs', undefined],
])('%s is typed for %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test('cut and padded by columns, never through a character', () => {
  expect(truncate('日本語のテキスト', 7)).toBe('日本語…');
  expect(truncate(`${'日本'.repeat(60)}`, 240)).toBe('日本'.repeat(60));
  expect(truncate(`${'日本'.repeat(150)}`, 600)).toBe('日本'.repeat(150));
  expect(truncate(`${'日本'.repeat(150)}語`, 600)).toBe(`${'日本'.repeat(149)}日…`);
  expect(padded('日本', 6)).toBe('日本  ');
  expect(truncate('👨‍👩‍👧‍👦 family', 4)).toBe('👨‍👩‍👧‍👦 …');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
      const clean = oneLine(text);
      expect(stringWidth(truncate(clean, columns))).toBeLessThanOrEqual(columns);
      expect(stringWidth(padded(clean, columns))).toBe(columns);
    }),
  );
});

test('escape codes of others are shown, and their line breaks are spaces', () => {
  expect(oneLine('a\n\u001b[31mb\tc\u0007 ')).toBe('a \\x1b[31mb c\\x07');
});
