import { expect, test } from 'vitest';
import {
  frameworkStreamFilter,
  matchesAny,
  messageMatchesAny,
  readFilters,
} from '../../src/events/filter-pattern.js';
import type { Json, JsonObject } from '../../src/json/json.js';

const fits = (record: JsonObject, pattern: Json): boolean =>
  matchesAny(record, readFilters(pattern, '--filter'));
const insert = (image: JsonObject): JsonObject => ({ eventName: 'INSERT', dynamodb: { NewImage: image } });

test('the framework delivers new rows that were not published synchronously', () => {
  expect(matchesAny(insert({ pk: { S: 'a' } }), [frameworkStreamFilter])).toBe(true);
  expect(matchesAny(insert({ syncMode: { S: 'SYNC' } }), [frameworkStreamFilter])).toBe(false);
  expect(matchesAny({ ...insert({}), eventName: 'MODIFY' }, [frameworkStreamFilter])).toBe(false);
  expect(matchesAny(insert({}), [])).toBe(true);
});

// record, pattern, whether it fits: one line for each rule that AWS documents.
const cases: [JsonObject, JsonObject, boolean][] = [
  [{ a: 'x' }, { a: ['x'] }, true],
  [{ a: 'X' }, { a: ['x'] }, false],
  [{ a: 'x' }, { a: ['y', 'x'] }, true],
  [{ a: 1 }, { a: ['1'] }, false],
  [{ a: 1 }, { a: [1.0] }, true],
  [{ a: true }, { a: [true] }, true],
  [{ a: null }, { a: [null] }, true],
  [{}, { a: [null] }, false],
  [{ a: '' }, { a: [''] }, true],
  [{ a: 'x' }, { a: [''] }, false],
  [{ a: 'x', b: 'y' }, { a: ['x'], b: ['z'] }, false],
  [{ a: 'abc' }, { a: [{ prefix: 'ab' }] }, true],
  [{ a: 'abc' }, { a: [{ suffix: 'bc' }] }, true],
  [{ a: 'abc' }, { a: [{ suffix: 'b' }] }, false],
  [{ a: 'ABC' }, { a: [{ prefix: { 'equals-ignore-case': 'ab' } }] }, true],
  [{ a: 'ABC' }, { a: [{ 'equals-ignore-case': 'abc' }] }, true],
  [{ a: 'abcd' }, { a: [{ 'equals-ignore-case': 'abc' }] }, false],
  [{ a: 'x' }, { a: [{ 'anything-but': ['x', 'y'] }] }, false],
  [{ a: 'z' }, { a: [{ 'anything-but': ['x', 'y'] }] }, true],
  [{ a: 5 }, { a: [{ 'anything-but': 5 }] }, false],
  [{ a: 'init' }, { a: [{ 'anything-but': { prefix: 'init' } }] }, false],
  [{}, { a: [{ 'anything-but': ['x'] }] }, false],
  [{ a: 5 }, { a: [{ numeric: ['=', 5] }] }, true],
  [{ a: 5 }, { a: [{ numeric: ['>', 0, '<=', 5] }] }, true],
  [{ a: 5.5 }, { a: [{ numeric: ['>', 0, '<=', 5] }] }, false],
  // DynamoDB's numbers are strings.
  [{ a: { N: '5' } }, { a: { N: [{ numeric: ['>', 0] }] } }, false],
  [{ a: { N: '5' } }, { a: { N: ['5'] } }, true],
  [{ a: 'x' }, { a: [{ exists: true }] }, true],
  [{}, { a: [{ exists: true }] }, false],
  [{}, { a: [{ exists: false }] }, true],
  [{}, { a: { b: [{ exists: false }] } }, true],
  // Rules look at leaves: an object is nothing to them.
  [{ a: { S: 'x' } }, { a: [{ exists: true }] }, false],
  [{ a: { S: 'x' } }, { a: [{ exists: false }] }, true],
  [{ a: ['x', 'y'] }, { a: ['y'] }, true],
  [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: [2] } }, true],
  [{ a: 'x' }, { a: [{ prefix: 'y' }, 'x'] }, true],
  [{ a: 'x' }, { $or: [{ a: ['y'] }, { b: [{ exists: false }] }] }, true],
  [{ a: 'x', b: 1 }, { $or: [{ a: ['y'] }, { b: [{ exists: false }] }] }, false],
  [{ a: { b: 1, c: 2 } }, { a: { $or: [{ b: [2] }, { c: [2] }] } }, true],
];
test.each(cases)('%j by %j: %s', (record, pattern, expected) => {
  expect(fits(record, pattern)).toBe(expected);
});

test('several filters: one of them is enough; as Lambda has them, or as a list', () => {
  const criteria = { Filters: [{ Pattern: '{"a":["x"]}' }, { Pattern: '{"b":["y"]}' }] };
  const records: JsonObject[] = [{ a: 'x' }, { b: 'y' }, { a: 'y' }];
  expect(records.map((record) => fits(record, criteria))).toEqual([true, true, false]);
  expect(fits({ b: 'y' }, [{ a: ['x'] }, { b: ['y'] }])).toBe(true);
});

test('the body of a message is JSON or text, as the pattern has it', () => {
  const json = { messageId: '1', body: '{"action":"task-execute","n":3}' };
  const text = { messageId: '2', body: 'Result: ok' };
  const by = (pattern: JsonObject) => [json, text].map((message) => messageMatchesAny(message, [pattern]));
  expect(by({ body: { action: ['task-execute'], n: [{ numeric: ['>', 2] }] } })).toEqual([true, false]);
  expect(by({ body: { action: ['other'] } })).toEqual([false, false]);
  expect(by({ body: [{ prefix: 'Result' }] })).toEqual([false, true]);
  expect(by({ messageId: ['2'] })).toEqual([false, true]);
});

test.each([
  ['text', '--filter', /JSON object/],
  [{ a: 'x' }, '--filter.a', /list of one or more rules/],
  [{ a: [] }, '--filter.a', /list of one or more rules/],
  [{ a: { b: [{ wildcard: '*' }] } }, '--filter.a.b', /no rule; known: exists/],
  [{ a: [{ exists: 'no' }] }, '--filter.a', /exists can't have "no"/],
  [{ a: [{ numeric: ['>'] }] }, '--filter.a', /numeric can't have/],
  [{ a: [{ prefix: 'x', suffix: 'y' }] }, '--filter.a', /no rule/],
  [{ $or: ['x'] }, '--filter.$or', /list of patterns/],
  [{ Filters: [{}] }, '--filter', /list of \{"Pattern"/],
])('%j is refused as Lambda refuses it', (pattern, where, message) => {
  expect(() => readFilters(pattern, '--filter')).toThrow(expect.objectContaining({ exitCode: 2, where }));
  expect(() => readFilters(pattern, '--filter')).toThrow(message);
});
