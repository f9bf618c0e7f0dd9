import { describe, expect, test } from 'vitest';
import { decodeLine } from '../../../src/workflow/logs/decode-line.js';
import { createAttribution } from '../../../src/workflow/logs/invocation-lines.js';
import { joinedEntries } from '../../../src/workflow/logs/nestjs-lines.js';

const nest = (level: string, context: string, text: string): string =>
  `\u001b[33m[Nest] 12277  - \u001b[39m11/29/2026, 2:07:26 AM \u001b[33m${level.padStart(7)}\u001b[39m \u001b[38;5;3m[${context}] \u001b[39m\u001b[33m${text}\u001b[39m\u001b[38;5;3m +9ms\u001b[39m`;

describe('the framework’s lines where NODE_ENV is local', () => {
  test('are put together to entries, objects as objects; what others write stays', () => {
    const start = 'START RequestId: 1 Version: $LATEST';
    const lines = [start, nest('WARN', 'Handler', 'Row 3 failed.'), nest('WARN', 'Handler', 'Object:')];
    const object = ['{', '  "item": {', '    "code": "B003"', '  },', '  "error": "bad"', '}', ' +1ms'];
    expect(joinedEntries([...lines, ...object, nest('LOG', 'Other', 'two'), 'lines'])).toEqual([
      start,
      '{"level":"WARN","message":{"context":"Handler","message":"Row 3 failed."}}',
      '{"level":"WARN","message":{"context":"Handler","message":{"item":{"code":"B003"},"error":"bad"}}}',
      '{"level":"INFO","message":{"context":"Other","message":"two\\nlines"}}',
    ]);
  });

  test('tell their level and what they say, and no request id that stands in their text', () => {
    expect(decodeLine(nest('ERROR', 'Handler', 'of 0d5ad6b8-0ba2-4dc4-a75a-8bfbf1c26f3c'))).toEqual({
      kind: 'function',
      level: 'ERROR',
      message: '[Handler] of 0d5ad6b8-0ba2-4dc4-a75a-8bfbf1c26f3c',
    });
  });
});

test('between START and END a line is that request’s, in each stream for itself', () => {
  const { requestOf } = createAttribution();
  const other = '0d5ad6b8-0ba2-4dc4-a75a-8bfbf1c26f3c';
  const line = (logStream: string, message: string) =>
    requestOf({ logGroup: 'g', logStream, timestamp: 1, message });
  expect(line('a', 'loading')).toBeUndefined();
  expect(line('a', 'START RequestId: one Version: $LATEST')).toBe('one');
  expect(line('b', 'START RequestId: two Version: $LATEST')).toBe('two');
  expect(line('a', `an event that holds ${other}`)).toBe('one');
  expect(line('b', 'plain')).toBe('two');
  expect(line('a', `2026-11-29T02:10:48.043Z\t${other}\tERROR\tsaid by the runtime`)).toBe(other);
  expect(line('a', 'END RequestId: one')).toBe('one');
  expect(line('a', 'between')).toBeUndefined();
});
