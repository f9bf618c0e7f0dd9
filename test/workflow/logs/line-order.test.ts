import { expect, test } from 'vitest';
import { decodeLine } from '../../../src/workflow/logs/decode-line.js';
import { inOrder } from '../../../src/workflow/logs/line-order.js';
import type { LogLine } from '../../../src/workflow/logs/log-line.js';

const line = (timestamp: number, message: string): LogLine => ({
  group: 'g',
  key: message,
  timestamp,
  message,
  decoded: decodeLine(message),
});
const event = (timestamp: number, name: string, id: number): LogLine =>
  line(
    timestamp,
    JSON.stringify({
      id: String(id),
      type: 'PassStateEntered',
      details: { name: 'a' },
      previous_event_id: String(id - 1),
      event_timestamp: String(timestamp),
      execution_arn: `arn:aws:states:ap-northeast-1:101010101010:execution:m:${name}`,
    }),
  );
const told = (lines: LogLine[]): string[] =>
  inOrder(lines).map(({ decoded, message }) =>
    decoded.kind === 'event' ? `${decoded.executionArn.slice(-1)}${decoded.event.id}` : message,
  );

test('of one millisecond, events go by their number, and what a function wrote stays as it was written', () => {
  const lines = [event(2, 'x', 5), line(1, 'late'), event(1, 'x', 4), event(1, 'y', 2), line(1, 'b')];
  expect(told([...lines, event(1, 'x', 3), event(1, 'y', 1), line(1, 'a')])).toEqual([
    ...['late', 'x3', 'y1', 'b', 'x4', 'y2', 'a', 'x5'],
  ]);
});
