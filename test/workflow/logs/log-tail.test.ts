import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLine, lineKey } from '../../../src/workflow/logs/decode-line.js';
import type { LogLine } from '../../../src/workflow/logs/log-line.js';
import { createLogTail } from '../../../src/workflow/logs/log-tail.js';

const line = (key: string, timestamp: number): LogLine => ({
  group: 'g',
  key,
  timestamp,
  message: key,
  decoded: decodeLine(key),
});

test('no line is lost and none doubled, however late, doubled, and at the same time they come', () => {
  const arrivals = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 60_000 }), late: fc.integer({ min: 0, max: 100_000 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(arrivals, (lines) => {
      // Many at the same millisecond; `visible`: when the service begins to give it.
      const all = lines.map(({ at, late }, index) => ({
        ...line(`l${index}`, Math.floor(at / 500) * 500),
        visible: at + late,
      }));
      const tail = createLogTail(0, true);
      const told: string[] = [];
      for (let now = 0; now <= 170_000; now += 2_000) {
        if (now > 160_000) tail.rewind();
        const from = tail.from('g', now);
        const page = all.filter(({ visible, timestamp }) => visible <= now && timestamp >= from);
        told.push(...tail.take([...page, ...page], now).map(({ key }) => key));
      }
      expect(told.toSorted()).toEqual(all.map(({ key }) => key).toSorted());
    }),
    { numRuns: 100 },
  );
});

test('what is read follows what is new, not what is there', () => {
  const read = (total: number, every: number): number => {
    const tail = createLogTail(0, false);
    let count = 0;
    const all = Array.from({ length: total }, (_, index) => line(`l${index}`, index * 10));
    tail.from('g', 0);
    tail.take(all, 0);
    for (let now = every; now <= 30_000; now += every) {
      const from = tail.from('g', now);
      const page = all.filter(({ timestamp }) => timestamp >= from);
      count += page.length;
      expect(tail.take(page, now)).toEqual([]);
    }
    return count;
  };
  expect(read(200_000, 2_000)).toBe(read(20_000, 2_000));
  // Asking ten times as often reads little more.
  expect(read(20_000, 200)).toBeLessThan(2 * read(20_000, 2_000));
});

test('vended lines and what functions write', () => {
  const vended = JSON.stringify({
    id: '4',
    type: 'TaskFailed',
    details: { error: 'E' },
    previous_event_id: '3',
    event_timestamp: '1787541942883',
    execution_arn: 'arn:e',
    redrive_count: '1',
  });
  expect(decodeLine(vended)).toMatchObject({ kind: 'event', executionArn: 'arn:e', event: { id: 4 } });
  expect(lineKey(vended, decodeLine(vended), 'a')).toBe(lineKey(vended, decodeLine(vended), 'b'));
  expect(decodeLine('2026-01-31T00:00:00.000Z\tabc-1\tERROR\tno such row\n')).toEqual({
    kind: 'function',
    level: 'ERROR',
    requestId: 'abc-1',
    message: 'no such row',
  });
  expect(decodeLine('{"timestamp":"t","level":"info","requestId":"r-1","message":{"a":1}}')).toEqual({
    kind: 'function',
    level: 'INFO',
    requestId: 'r-1',
    message: '{"a":1}',
  });
  const powertools = '{"level":"INFO","execution_arn":"arn:e","message":"こんにちは","requestId":"r-1"}';
  expect(decodeLine(powertools)).toEqual({
    kind: 'function',
    level: 'INFO',
    requestId: 'r-1',
    message: 'こんにちは',
  });
  expect(decodeLine('REPORT RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Duration: 1 ms')).toMatchObject({
    requestId: '0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10',
  });
});
