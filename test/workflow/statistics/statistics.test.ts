import { expect, test } from 'vitest';
import { percentilesOf } from '../../../src/workflow/statistics/percentiles.js';
import { transitionsPrice } from '../../../src/workflow/statistics/price.js';

test('percentiles by the nearest rank', () => {
  expect(percentilesOf([])).toBeUndefined();
  expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
});

test('a price only where it is known', () => {
  expect(transitionsPrice(4000, 'us-east-1')).toBe(0.1);
  expect(transitionsPrice(4000, 'toString')).toBeUndefined();
});
