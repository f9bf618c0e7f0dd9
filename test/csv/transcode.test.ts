import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { createCsvCheck } from '../../src/csv/check.js';
import { CsvItemReader } from '../../src/csv/item-reader.js';
import { createRowReader } from '../../src/csv/lines.js';
import { createTranscoder } from '../../src/csv/transcode.js';

const delimiters = [',', '\t', ';', '|', ' '] as const;

/** What the machine reads of the uploaded bytes, and what the row reader says of the original ones. */
function both(bytes: Buffer, encoding: string, delimiter: (typeof delimiters)[number], chunkBytes: number) {
  const transcoder = createTranscoder({ encoding, delimiter });
  const machine = new CsvItemReader();
  const original = createRowReader({ encoding, delimiter });
  const items = [];
  const rows = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    items.push(...machine.push(transcoder ? transcoder.push(chunk) : chunk));
    rows.push(...original.push(chunk));
  }
  if (transcoder) items.push(...machine.push(transcoder.end()));
  items.push(...machine.end());
  rows.push(...original.end());
  return { items: items.map(({ item }) => item), rows };
}

describe('createTranscoder', () => {
  it('is none where the bytes can go as they are', () => {
    expect(createTranscoder({ encoding: 'utf-8', delimiter: ',' })).toBeUndefined();
  });

  it('writes commas, and quotes what needs it', () => {
    const transcoder = createTranscoder({ encoding: 'utf-8', delimiter: ';' });
    const bytes = Buffer.from('\uFEFFid;amt\r\n"a""b";1,5\r\n\r\nC:\\\\x;"p\nq";3');
    expect(Buffer.concat([transcoder?.push(bytes) ?? bytes, transcoder?.end() ?? bytes]).toString()).toBe(
      '\uFEFFid,amt\n"a""b","1,5"\n"C:\\\\x","p\nq",3\n',
    );
  });

  it('puts a header above the rows of a file that has none', () => {
    const transcoder = createTranscoder({ encoding: 'utf-8', delimiter: ',', header: ['id', 'a "b"'] });
    if (!transcoder) throw new Error('expected a transcoder');
    const pieces = [...Buffer.from('1,2\n3')].map((byte) => transcoder.push(Uint8Array.of(byte)));
    const text = Buffer.concat([...pieces, transcoder.end()]).toString();
    expect(text).toBe('id,"a ""b"""\n1,2\n3');
  });

  it('keeps a row of one empty cell a row', () => {
    expect(both(Buffer.from('a\n""\n1\n'), 'utf-8', ';', 3).items).toEqual([{ a: '' }, { a: '1' }]);
  });

  it('gives the machine the rows of the original, at any encoding, delimiter and chunking', () => {
    const part = fc.constantFrom(
      '"',
      '""',
      '\\',
      '\n',
      '\r\n',
      'a',
      'b',
      ' ',
      ',',
      ';',
      '|',
      '\t',
      '表',
      'ソ',
      'ｱ',
      '名',
    );
    const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
    const encoding = fc.constantFrom('utf-8', 'shift_jis', 'utf-16le');
    fc.assert(
      fc.property(
        text,
        encoding,
        fc.constantFrom(...delimiters),
        fc.integer({ min: 1, max: 6 }),
        (body, label, by, size) => {
          const content = `x${by}y\n${body}`;
          const bytes = iconv.encode(content, label === 'shift_jis' ? 'cp932' : label, { addBOM: false });
          const checker = createCsvCheck({ encoding: label, delimiter: by });
          checker.push(bytes);
          const report = checker.end();
          fc.pre(report.problems.every(({ code }) => code !== 'UnclosedQuote'));
          const { items, rows } = both(bytes, label, by, size);
          expect(items).toEqual(rows.map(({ item }) => item));
          expect(items).toHaveLength(report.rows);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('createRowReader', () => {
  it('places each row at its physical line in the original', () => {
    const reader = createRowReader();
    const bytes = Buffer.from('\r\nid,"na\nme"\r\n1,"x\r\ny"\r\n\r\n\n2,z\r3,w\n4,"\n"\n5,');
    const rows = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    rows.push(...reader.end());
    expect(rows.map(({ index, line, item }) => [index, line, item.id])).toEqual([
      [0, 4, '1'],
      [1, 8, '2'],
      [2, 9, '3'],
      [3, 10, '4'],
      [4, 12, '5'],
    ]);
  });

  it('names the columns as it is told', () => {
    const reader = createRowReader({ headers: ['a', 'b'] });
    expect(reader.push(Buffer.from('1,2\n'))).toEqual([{ index: 0, line: 1, item: { a: '1', b: '2' } }]);
  });
});
