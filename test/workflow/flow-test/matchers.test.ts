import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/json/json.js';
import { parseWritten } from '../../../src/json/lossless.js';
import { matcherFault, mismatches } from '../../../src/workflow/flow-test/matchers.js';

const fits = (expected: Json, actual: Json | undefined): boolean => mismatches(expected, actual).length === 0;

describe('matchers', () => {
  test.each<[matcher: Json, fitting: Json[], others: (Json | undefined)[]]>([
    [{ $any: true }, [1, null, {}, ''], [undefined]],
    [{ $type: 'string' }, ['', 'a'], [1, null, undefined]],
    [{ $type: 'integer' }, [1, -2, parseWritten('1.0')], [1.5, '1']],
    [{ $type: 'number' }, [1.5, 0], ['1', null]],
    [{ $type: 'array' }, [[], [1]], [{}, 'a']],
    [{ $type: 'object' }, [{}, { a: 1 }], [[], null]],
    [{ $type: 'null' }, [null], [0, '', undefined]],
    [{ $type: 'uuid' }, ['6f1e0f2c-8a3b-4c5d-9e7f-001122334455'], ['6f1e0f2c', '']],
    [
      { $type: 'time' },
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.123+09:00'],
      ['2026-13-01T00:00:00Z', '2026'],
    ],
    [{ $regex: '^r-\\d+$' }, ['r-1'], ['x r-1', 1, undefined]],
    [{ $contains: 'b' }, ['abc', ['a', 'b']], ['a', ['a'], 1]],
    [{ $contains: { a: { b: 1 } } }, [{ a: { b: 1, c: 2 }, d: 3 }], [{ a: { c: 1 } }, {}]],
    [{ $contains: [{ id: 2 }, { id: 1 }] }, [[{ id: 1, n: 'x' }, { id: 2 }]], [[{ id: 1 }]]],
    [{ $contains: { id: 2 } }, [[{ id: 1 }, { id: 2, more: true }]], [[{ id: 1 }]]],
    [{ $json: { a: { $type: 'number' } } }, ['{"a":1}'], ['{"a":"1"}', '{', 1]],
    [{ $literal: { $any: true } }, [{ $any: true }], [1, {}]],
  ])('%j', (matcher, fitting, others) => {
    for (const actual of fitting)
      expect({ actual, fits: fits(matcher, actual) }).toEqual({ actual, fits: true });
    for (const actual of others)
      expect({ actual, fits: fits(matcher, actual) }).toEqual({ actual, fits: false });
  });

  test('$absent is for a member that is not there, also beside a value that is', () => {
    expect(fits({ a: 1, b: { $absent: true } }, { a: 1 })).toBe(true);
    expect(fits({ $contains: { b: { $absent: true } } }, { a: 1 })).toBe(true);
    expect(fits({ b: { $absent: true } }, { b: null })).toBe(false);
    // The same text is no match: it is a matcher there, and data here.
    expect(fits({ b: { $absent: true } }, { b: { $absent: true } })).toBe(false);
  });

  test('without one the whole is compared: members in any order, numbers by value', () => {
    expect(fits({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: parseWritten('1.0') })).toBe(true);
    expect(mismatches({ a: 1, list: [1, 2] }, { a: 2, list: [1], more: true })).toEqual([
      { at: ['a'], path: '$.a', expected: 1, actual: 2 },
      { at: ['list', 1], path: '$.list[1]', expected: 2, actual: undefined },
      { at: ['more'], path: '$.more', actual: true },
    ]);
    expect(fits(parseWritten('12345678901234567890'), parseWritten('12345678901234567891'))).toBe(false);
    // An object that has a matcher's name among others is data.
    expect(fits({ $any: true, x: 1 }, { $any: true, x: 1 })).toBe(true);
  });

  test('a matcher that can not be used is told, wherever it stands', () => {
    expect(matcherFault({ a: [{ b: { $type: 'text' } }] })).toMatchObject({ path: ['a', 0, 'b', '$type'] });
    expect(matcherFault({ $contains: { $regex: '(' } })).toMatchObject({ path: ['$contains', '$regex'] });
    expect(matcherFault({ $absent: 1 })).toEqual({ path: ['$absent'], message: 'must be true' });
    expect(matcherFault({ $literal: { $regex: '(' } })).toBeUndefined();
  });
});
