import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { createCsvCheck } from '../../src/csv/check.js';
import { CsvItemReader } from '../../src/csv/item-reader.js';
import { createRowReader } from '../../src/csv/row-reader.js';
import { createTranscoder, type FileDialect, type ReaderDialect } from '../../src/csv/transcode.js';

const plain = { encoding: 'utf-8', delimiter: ',' } as const;
const delimiters = [',', '\t', ';', '|', ' '] as const;

/** What the machine reads of the uploaded bytes, and what the row reader says of the original ones. */
function both(
  bytes: Buffer,
  file: FileDialect,
  chunkBytes: number,
  reader: ReaderDialect = { delimiter: ',' },
) {
  const transcoder = createTranscoder(file, reader);
  const machine = new CsvItemReader(reader);
  const original = createRowReader(file, reader);
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
    const transcoder = createTranscoder({ encoding: 'utf-8', delimiter: ',', columns: ['id', 'a "b"'] });
    if (!transcoder) throw new Error('expected a transcoder');
    const pieces = [...Buffer.from('1,2\n3')].map((byte) => transcoder.push(Uint8Array.of(byte)));
    const text = Buffer.concat([...pieces, transcoder.end()]).toString();
    expect(text).toBe('id,"a ""b"""\n1,2\n3');
  });

  it('keeps a row of one empty cell a row', () => {
    expect(both(Buffer.from('a\n""\n1\n'), { ...plain, delimiter: ';' }, 3).items).toEqual([
      { a: '' },
      { a: '1' },
    ]);
  });

  it('gives the machine the rows of the original, whatever the file, the machine and the chunks are', () => {
    const part = fc.constantFrom(
      ...['"', '""', '\\', '\n', '\r\n', 'a', 'b', ' ', ',', ';', '|', '\t', '表', 'ソ', 'ｱ', '名', '\x1a'],
    );
    const cases = fc.record({
      body: fc.array(part, { maxLength: 40 }).map((parts) => parts.join('')),
      begin: fc.constantFrom('', '\uFEFF', 'sep=;\n'),
      encoding: fc.constantFrom('utf-8', 'shift_jis', 'utf-16le'),
      delimiter: fc.constantFrom(...delimiters),
      mend: fc.boolean(),
      columns: fc.constantFrom<(string[] | undefined)[]>(undefined, ['p', 'q']),
      reader: fc.record({
        delimiter: fc.constantFrom(...delimiters),
        headers: fc.constantFrom<(string[] | undefined)[]>(undefined, ['h', 'i', 'j']),
      }),
      size: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ body, begin, encoding, delimiter, mend, columns, reader, size }) => {
        fc.pre(begin !== '\uFEFF' || encoding === 'utf-8');
        const content = `${begin}x${delimiter}y\n${body}`;
        const bytes = iconv.encode(content, encoding === 'shift_jis' ? 'cp932' : encoding, { addBOM: false });
        const checker = createCsvCheck({ encoding, delimiter, columns, mend });
        checker.push(bytes);
        const report = checker.end();
        fc.pre(report.problems.every(({ code }) => code !== 'UnclosedQuote' && code !== 'DuplicateHeader'));
        const { items, rows } = both(bytes, { encoding, delimiter, columns, mend }, size, reader);
        expect(items).toEqual(rows.map(({ item }) => item));
        expect(items).toHaveLength(report.rows);
        if (!reader.headers && report.rows > 0) {
          const names = Object.keys(items[0] ?? {}).map((name) => name.replace('\uFEFF', ''));
          expect(names.sort()).toEqual([...report.columns].sort());
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('mended, a cell arrives as it was meant, and nothing is left to warn of', () => {
    const file = 'sep=;\r\n id\u200b;path ; b\r\n1;C:\\new ;"x"y\r\n\r\n2;\u3000a\\;b;"p ""q"""\n\x1a';
    const bytes = Buffer.from(`\uFEFF${file}`);
    const dialect: FileDialect = { encoding: 'utf-8', delimiter: ';', mend: true };
    expect(both(bytes, dialect, 3).items).toEqual([
      { id: '1', path: 'C:\\new', b: 'xy' },
      { id: '2', path: 'a;b', b: 'p "q"' },
    ]);
    const transcoder = createTranscoder(dialect);
    if (!transcoder) throw new Error('expected a transcoder');
    const check = createCsvCheck();
    check.push(transcoder.push(bytes));
    check.push(transcoder.end());
    expect(check.end()).toMatchObject({ problems: [], rows: 2, newline: 'LF' });
  });
});

describe('createRowReader', () => {
  it('places each row at its physical line in the original', () => {
    const reader = createRowReader(plain);
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
    const reader = createRowReader({ ...plain, columns: ['a', 'b'] });
    expect(reader.push(Buffer.from('1,2\n'))).toEqual([
      { index: 0, line: 1, text: '1,2', cells: ['1', '2'], item: { a: '1', b: '2' } },
    ]);
    expect(reader.header()).toBeUndefined();
  });
});
