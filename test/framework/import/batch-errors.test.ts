import { describe, expect, test } from 'vitest';
import { batchErrors } from '../../../src/framework/import/batch-errors.js';
import { createRowMatcher } from '../../../src/framework/import/match-rows.js';

const sentence =
  'Batch processing completed with 2 error(s). Failing batch to trigger SQS retry. Details: [Row 1 - Data: {"code":"C5","note":"a] | [Row 2 - Data: {"} Error: it says "no"] | [Row 2 - Data: {"code":"C10","nested":{"a":[1,2]}} Error: The conditional request failed]';
const told = [
  { data: { code: 'C5', note: 'a] | [Row 2 - Data: {' }, reason: 'it says "no"' },
  { data: { code: 'C10', nested: { a: [1, 2] } }, reason: 'The conditional request failed' },
];
const unhandled = JSON.stringify({
  errorType: 'Runtime.UnhandledPromiseRejection',
  errorMessage: `Error: ${sentence}`,
  reason: { errorMessage: sentence },
});

describe('the error of a batch of queued rows', () => {
  test.each([
    [
      'as it is thrown, with its stack',
      `Error: ${sentence}\n    at EventController.handleSqsEvent (x.js:1:2)`,
    ],
    [
      'in the runtime’s line',
      `2026-11-29T02:10:48.043Z\tid\tERROR\tUnhandled Promise Rejection \t${unhandled}`,
    ],
    [
      'in a JSON line',
      JSON.stringify({ level: 'ERROR', requestId: 'id', message: { errorMessage: sentence } }),
    ],
    ['in JSON in JSON', JSON.stringify({ level: 'ERROR', message: unhandled })],
  ])('%s', (_, line) => {
    expect(batchErrors(line)).toEqual(told);
  });

  test('a line that is cut off tells what is whole in it; others tell nothing', () => {
    expect(batchErrors(sentence.slice(0, -60))).toEqual(told.slice(0, 1));
    expect(batchErrors('[Row 1 - Data: {"a":1} Error: x]')).toEqual([]);
  });
});

test('rows are found by their values, whatever the app has made of them; equal ones each take a row', () => {
  const exploded = { data: { productCode: 'C2', amount: { yen: 20 }, kind: 'books' } };
  const twin = { data: { code: 'C3', price: 30 } };
  const lost = { data: { code: 'X' } };
  const matcher = createRowMatcher([exploded, twin, { ...twin }, lost]);
  const row = (line: number, code: string, price: string) => ({ line, item: { code, price, kind: 'books' } });
  for (const one of [row(2, 'C1', '10'), row(3, 'C2', '20'), row(4, 'C3', '30'), row(5, 'C3', '30')])
    matcher.push(one);
  expect(matcher.end().map(({ line }) => line)).toEqual([3, 4, 5, undefined]);
});
