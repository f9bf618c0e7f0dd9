import { expect, test } from 'vitest';
import { createLogLines, type LogDocument } from '../../../src/views/execution/log-lines.js';
import { platformText } from '../../../src/views/execution/platform-line.js';

const id = '5f0b1a2c-1111-4222-8333-abcdefabcdef';
const report =
  `REPORT RequestId: ${id}\tDuration: 1234.56 ms\tBilled Duration: 1235 ms\tMemory Size: 512 MB\t` +
  'Max Memory Used: 89 MB\tInit Duration: 310.10 ms\t';
const json = (type: string, record: object): string =>
  JSON.stringify({ time: '2026-04-01T00:00:00.000Z', type, record });

test.each([
  [`START RequestId: ${id} Version: $LATEST`, ''],
  [`END RequestId: ${id}`, ''],
  ['INIT_START Runtime Version: nodejs:22.v40\tRuntime Version ARN: arn:aws:lambda:x', ''],
  [report, 'took 1.2 s, 89 of 512 MB, cold start 310 ms'],
  [
    `REPORT RequestId: ${id}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\tStatus: timeout`,
    'timeout, took 3.0 s, 70 of 128 MB',
  ],
  [json('platform.start', { requestId: id }), ''],
  [json('platform.runtimeDone', { requestId: id, status: 'success' }), ''],
  [
    json('platform.report', {
      requestId: id,
      status: 'success',
      metrics: { durationMs: 12.3, billedDurationMs: 13, memorySizeMB: 128, maxMemoryUsedMB: 70 },
    }),
    'took 12 ms, 70 of 128 MB',
  ],
  ['START of the import', undefined],
  ['{"type":"platform.mine"', undefined],
  ['{"message":"x","type":"row"}', undefined],
])('%s', (message, text) => {
  expect(platformText(message)).toBe(text);
});

const line = (at: number, more: Partial<LogDocument>): LogDocument => ({
  timestamp: new Date(at).toISOString(),
  logGroup: '/aws/lambda/dev-acme-取込',
  message: 'hello',
  ...more,
});
const at = Date.UTC(2026, 3, 1, 23, 59, 59, 500);
const look = { utc: true, color: false, stdoutIsTTY: true };

test('on a terminal the day stands above, once; sources are short', () => {
  const linesOf = createLogLines(look);
  const executionArn = 'arn:aws:states:ap-northeast-1:123456789012:execution:order:a-very-long-name';
  expect([
    ...linesOf(line(at, { executionArn, stateName: '検査', type: 'TaskFailed', message: 'no' })),
    ...linesOf(line(at + 100, { level: 'INFO' })),
    ...linesOf(line(at + 700, { message: report })),
    ...linesOf(line(at + 701, { message: `END RequestId: ${id}` })),
  ]).toEqual([
    '2026-04-01 (UTC)',
    '23:59:59.500  order  TaskFailed  検査  no',
    '23:59:59.600  dev-acme-取込  INFO  hello',
    '2026-04-02 (UTC)',
    '00:00:00.200  dev-acme-取込  took 1.2 s, 89 of 512 MB, cold start 310 ms',
  ]);
});

test('in a pipe each line has its whole time; from a start on, what has passed since; raw lines stay', () => {
  expect(createLogLines({ ...look, stdoutIsTTY: false })(line(at, {}))).toEqual([
    '2026-04-01T23:59:59.500Z  dev-acme-取込  hello',
  ]);
  expect(createLogLines({ ...look, from: at - 12_345 })(line(at, {}))).toEqual([
    '   +12.345 s  dev-acme-取込  hello',
  ]);
  const executionArn = 'arn:aws:states:ap-northeast-1:123456789012:execution:order:first';
  expect(createLogLines({ ...look, from: at, several: true })(line(at, { executionArn }))).toEqual([
    '    +0.000 s  first  hello',
  ]);
  const start = `START RequestId: ${id} Version: $LATEST`;
  expect(createLogLines({ ...look, stdoutIsTTY: false, raw: true })(line(at, { message: start }))).toEqual([
    `2026-04-01T23:59:59.500Z  dev-acme-取込  ${start}`,
  ]);
});
