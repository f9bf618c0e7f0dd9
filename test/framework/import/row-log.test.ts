import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { refusedRows } from '../../../src/framework/import/row-log.js';

const id = '0a1b2c3d-0000-4000-8000-000000000001';
const item = { code: '', name: 'it\'s "here"' };
const context = { context: 'CsvImportSfnEventHandler', requestId: id, ip: undefined };
const text = (level: string, value: unknown): string =>
  `2026-11-24T00:00:00.000Z\t${id}\t${level}\t${typeof value === 'string' ? value : inspect(value)}\n`;
const json = (level: string, message: unknown, more = {}): string =>
  JSON.stringify({ timestamp: '2026-11-24T00:00:00.000Z', level, requestId: id, message, ...more });
const words = 'Row 3 failed transform/validate.';

describe('the framework’s line, however it is logged', () => {
  const inOne = { index: 2, reason: 'code は必須です' };
  const error = inOne.reason;
  const cases: [string, string[], boolean][] = [
    ['as one JSON object', [json('WARN', words, { item, error })], true],
    ['as one JSON object in text', [text('WARN', JSON.stringify({ message: words, item, error }))], true],
    ['as two arguments of the console', [text('WARN', `${words} ${inspect({ item, error })}`)], false],
    ['the same with JSON logging', [json('WARN', `${words} ${inspect({ item, error })}`)], false],
    [
      'through its own logger: two lines',
      [text('WARN', { ...context, message: words }), text('WARN', { ...context, message: { item, error } })],
      false,
    ],
    [
      'the same with JSON logging',
      [json('WARN', { ...context, message: words }), json('WARN', { ...context, message: { item, error } })],
      true,
    ],
    ['with an Error', [text('WARN', `${words} ${inspect({ item, error: new TypeError(error) })}`)], false],
    [
      'with an Error, as Lambda writes it in JSON',
      [json('WARN', words, { item, error: { errorType: 'Error', errorMessage: error, stackTrace: [] } })],
      true,
    ],
  ];
  test.each(cases)('%s', (_, lines, hasItem) => {
    const before = [
      `START RequestId: ${id} Version: $LATEST\n`,
      text('DEBUG', `Processing event::: ${words}`),
    ];
    expect(refusedRows([...before, ...lines, `END RequestId: ${id}\n`])).toEqual([
      { ...inOne, ...(hasItem && { item }) },
    ]);
  });

  test('quotes and newlines of a reason are its own', () => {
    for (const reason of ["it's", 'a "b"', 'both \' and "', 'all \'"`', 'two\nlines', '\\']) {
      const line = text('WARN', `${words} ${inspect({ item, error: reason })}`);
      expect(refusedRows([line])).toEqual([{ index: 2, reason }]);
    }
  });

  test('rows without a reason have the line’s own words; other lines are no rows', () => {
    const lines = [
      text('WARN', 'Row 1 exceeds SQS limits (300000 bytes). Skipping.'),
      text('WARN', words),
      text('ERROR', "Could not send: { error: 'other' }"),
      text('WARN', 'The throw 7 failed'),
      text('INFO', { item: { note: 'Row 9 failed' } }),
    ];
    expect(refusedRows(lines)).toEqual([
      { index: 0, reason: 'exceeds SQS limits (300000 bytes). Skipping.' },
      { index: 2, reason: 'other' },
    ]);
  });
});
