import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange } from '../../../../src/local/s3/wire/ranges.js';

test('first-last, first-, and -suffix select just the bytes that HTTP says', () => {
  const offset = fc.nat({ max: 40 });
  fc.assert(
    fc.property(fc.nat({ max: 30 }), fc.option(offset), fc.option(offset), (size, first, last) => {
      const bytes = Array.from({ length: size }, (_, index) => index);
      const header = `bytes=${first ?? ''}-${last ?? ''}`;
      const valid = (first !== null || last !== null) && !(first !== null && last !== null && first > last);
      const expected =
        first !== null
          ? bytes.filter((index) => index >= first && index <= (last ?? size))
          : bytes.slice(Math.max(size - (last ?? 0), 0));
      if (!valid) {
        expect(parseRange(header, size)).toBeUndefined();
      } else if (expected.length === 0) {
        expect(() => parseRange(header, size)).toThrow('not satisfiable');
      } else {
        const range = parseRange(header, size);
        expect(bytes.slice(range?.start, range?.end)).toEqual(expected);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=1-2,4-5', 'items=0-1', 'bytes=5-3'])(
  '%s means the whole',
  (header) => {
    expect(parseRange(header, 10)).toBeUndefined();
  },
);
