import { expect, test } from 'vitest';
import type { Answering } from '../../../src/operations/answer/answer-context.js';
import { answeredInRun } from '../../../src/operations/answer/interrupted-run.js';
import { type AuditLine, answerHash } from '../../../src/ports/audit-log.js';

const line = (requestId: string, more: Partial<AuditLine> = {}): AuditLine =>
  ({
    run: 'run',
    requestId,
    executionArn: requestId,
    scheduledId: 2,
    time: new Date(0).toISOString(),
    answer: answerHash({ ok: true }),
    outcome: 'sending',
    ...more,
  }) as AuditLine;

const succeeded = (output: object) => ({
  id: 3,
  previousEventId: 2,
  timestamp: 0,
  type: 'TaskSucceeded',
  taskSucceededEventDetails: { output: JSON.stringify(output) },
});

test('an answer that was on its way is looked up in its history; to find out writes nothing', async () => {
  const histories: Record<string, object[]> = {
    arrived: [succeeded({ ok: true })],
    others: [succeeded({ ok: false })],
    never: [],
  };
  const around = {
    clock: { now: () => 1000 },
    states: {
      async *historyPages(executionArn: string) {
        yield histories[executionArn];
      },
    },
    audit: {
      async *read() {
        for (const requestId of Object.keys(histories)) yield line(requestId);
        yield line('proven', { outcome: 'proven' });
        yield line('of another run', { outcome: 'proven', run: 'another' });
      },
      append: () => Promise.reject(new Error('nothing is to be written')),
    },
  } as unknown as Answering;
  const answered = await answeredInRun('run', [...Object.keys(histories), 'proven'], around);
  expect([...answered.keys()]).toEqual(['arrived', 'proven']);
});
