import { describe, expect, test } from 'vitest';
import type { IterationEnd } from '../../../src/framework/task/item-ledger.js';
import { countItems, itemResults } from '../../../src/framework/task/item-results.js';
import type { Json } from '../../../src/json/json.js';

const iteration = (how: IterationEnd['how'], more: Partial<IterationEnd> = {}): IterationEnd => ({
  how,
  startedAt: 0,
  ...more,
});
const ended = (status: string, iterations: IterationEnd[]) => ({
  status,
  name: 'x',
  total: 4,
  iterations: new Map(iterations.entries()),
});
const statuses = (results: { status: string }[]): string[] => results.map(({ status }) => status);

describe('what became of items', () => {
  test('an execution that failed: what succeeded before stays so, what never ran is told apart', () => {
    const results = itemResults(
      ended('FAILED', [
        iteration('succeeded', { output: '{"a":1}' }),
        iteration('failed', {
          error: 'StockError',
          cause: '{"errorType":"StockError","errorMessage":"none"}',
        }),
        iteration('open'),
      ]),
    );
    expect(statuses(results)).toEqual(['SUCCEEDED', 'FAILED', 'ABORTED', 'NOT_RUN']);
    expect(results[1]).toEqual({ status: 'FAILED', error: 'StockError', message: 'none' });
    expect(countItems(results)).toEqual({ total: 4, succeeded: 1, failed: 2, notRun: 1 });
  });

  test.each([
    ['TIMED_OUT', 'TIMED_OUT'],
    ['ABORTED', 'ABORTED'],
  ])('one that ended %s: what was running is not known to be done', (status, item) => {
    const results = itemResults(ended(status, [iteration('succeeded', { output: '1' }), iteration('open')]));
    expect(statuses(results)).toEqual(['SUCCEEDED', item, 'NOT_RUN', 'NOT_RUN']);
  });

  test('one that succeeded: null is a swallowed error, and so is what a Catch made of one', () => {
    const outputs: Json[] = [
      { ok: true },
      null,
      { Error: 'StockError', Cause: 'none' },
      { error: null, cause: 'x' },
    ];
    const results = itemResults({ ...ended('SUCCEEDED', []), outputs });
    expect(statuses(results)).toEqual(['SUCCEEDED', 'FAILED', 'FAILED', 'SUCCEEDED']);
    expect(results[1]?.message).toContain('swallowed its error');
    expect(results[2]).toMatchObject({ error: 'StockError', message: 'none' });
  });

  test("the framework's records say it better than null outputs do", () => {
    const records = new Map([
      [0, { index: 0, status: 'COMPLETED', result: [1] }],
      [1, { index: 1, status: 'FAILED', error: 'TypeError: x is not a function\n    at y (z.js:1:1)' }],
      [2, { index: 2, status: 'PROCESSING' }],
    ]);
    const outputs = [null, null, null, null];
    const results = itemResults({ ...ended('SUCCEEDED', []), outputs, records });
    expect(statuses(results)).toEqual(['SUCCEEDED', 'FAILED', 'FAILED', 'FAILED']);
    expect(results[0]?.output).toEqual([1]);
    expect(results[1]).toMatchObject({ error: 'TypeError', message: 'x is not a function' });
    expect(results[2]?.message).toContain('PROCESSING');
  });
});
