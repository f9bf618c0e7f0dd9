import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvCheckOptions, type CsvReport, createCsvCheck } from '../../src/csv/check.js';
import { CsvError, CsvItemReader } from '../../src/csv/item-reader.js';

function check(content: string | Uint8Array, options?: CsvCheckOptions, chunkBytes = 1 << 20): CsvReport {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const checker = createCsvCheck(options);
  for (let at = 0; at < bytes.length; at += chunkBytes) checker.push(bytes.subarray(at, at + chunkBytes));
  return checker.end();
}
/** `Code line:column` of each problem. */
const found = (report: CsvReport) =>
  report.problems.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('createCsvCheck', () => {
  it('reports a good file', () => {
    expect(check('id,名前\n1,山田\n2,"a\nb"\n')).toEqual({
      bytes: 27,
      encoding: 'utf-8',
      confidence: 1,
      bom: false,
      delimiter: ',',
      newline: 'LF',
      columns: ['id', '名前'],
      rows: 2,
      ok: true,
      problems: [],
    });
  });

  describe('errors', () => {
    it.each([
      ['nothing', '', ['Empty 1:1']],
      ['blank lines only', '\n', ['Empty 1:1', 'BlankLine 1:1']],
      ['a header only', 'id,name', ['HeaderOnly 1:1']],
      ['a header given, no rows', '', ['Empty 1:1']],
      ['a quote never closed', 'a,b\n1,"x\ny', ['UnclosedQuote 2:3']],
      [
        'a quote opened on a later line of its record',
        'a,b\n"x\n髙",😀\n"p\nq髙","z\n',
        ['UnclosedQuote 5:5'],
      ],
      ['a quote never closed in the header', '髙,"b\n1,2\n', ['UnclosedQuote 1:3']],
      ['duplicate headers', 'id,髙,"id"\n1,2,3\n', ['DuplicateHeader 1:6']],
      [
        'duplicate empty headers',
        'id,,\n1,2,3\n',
        ['EmptyHeader 1:4', 'DuplicateHeader 1:5', 'EmptyHeader 1:5'],
      ],
      ['a header over 10 KiB', `${'a'.repeat(10_241)}\n1\n`, ['HeaderTooLong 1:1']],
      ['NUL', 'a,b\n1,"x\n髙\0"\n', ['Nul 3:2']],
      [
        'a record over the limit of a batch',
        `a\n${'"x\ny"\n'}${'x'.repeat(262_144)}\n`,
        ['RecordTooLong 4:1'],
      ],
    ])('%s', (_, content, expected) => {
      const report = check(content);
      expect(found(report).sort()).toEqual([...expected].sort());
      expect(report.ok).toBe(false);
    });

    it('locates an unclosed quote far back in a file larger than what is kept', () => {
      const rows = Buffer.from('1,2\n'.repeat(256 * 1024));
      const checker = createCsvCheck();
      checker.push(Buffer.from('a,b\n1,髙"\n1,"\n'));
      for (let i = 0; i < 20; i++) checker.push(rows);
      expect(found(checker.end())).toEqual(['UnclosedQuote 3:3']);
    });

    it('says that a backslash kept the quote open', () => {
      const [problem] = check('a,b\n"C:\\",x\n').problems;
      expect(problem).toMatchObject({ code: 'UnclosedQuote', message: expect.stringContaining('backslash') });
    });

    it('measures a record as the JSON of its item', () => {
      const exact = 262_144 - '{"a":""}'.length;
      expect(found(check(`a\n${'x'.repeat(exact)}\n`))).toEqual([]);
      expect(found(check(`a\n${'x'.repeat(exact + 1)}\n`))).toEqual(['RecordTooLong 2:1']);
      expect(found(check('a\n"x\ny"\n', { batchLimitBytes: 11 }))).toEqual(['RecordTooLong 2:1']);
      expect(found(check('a\n"x\ny"\n', { batchLimitBytes: 12 }))).toEqual([]);
    });

    it.each([
      ['a PNG image', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
      [
        'an .xlsx (Excel) file: export it as CSV',
        Buffer.from('PK\x03\x04\x14\0\x06\0xx[Content_Types].xml', 'latin1'),
      ],
      ['a ZIP archive: unpack it first', Buffer.from('PK\x03\x04\x14\0\0\0data.csv', 'latin1')],
      ['an .xls (Excel) file: export it as CSV', Buffer.from('d0cf11e0a1b11ae10000', 'hex')],
      ['a gzip file: unpack it first', Buffer.from('1f8b0800', 'hex')],
      ['a PDF document: export its table as CSV', Buffer.from('%PDF-1.7\n')],
      ['a binary file', Buffer.from([1, 2, 3, 0, 0, 7, 65, 66, 0, 1, 10, 2])],
    ])('is not text: %s', (kind, bytes) => {
      expect(check(bytes, {}, 3)).toEqual({
        bytes: bytes.length,
        encoding: null,
        confidence: null,
        bom: false,
        delimiter: null,
        newline: null,
        columns: [],
        rows: 0,
        ok: false,
        problems: [{ severity: 'error', code: 'NotText', line: 1, column: 1, message: `this is ${kind}` }],
      });
    });

    it('locates bytes that are not in the encoding', () => {
      const bytes = Buffer.concat([
        Buffer.from('a,b\n名前,\uFFFD値'),
        Buffer.from([0xe3, 0x81]),
        Buffer.from('\n'),
      ]);
      expect(found(check(bytes, {}, 5))).toEqual(['InvalidEncoding 2:6']);
      expect(found(check(Buffer.from([0x61, 0x0a, 0x82, 0x0a]), { encoding: 'shift_jis' }))).toEqual([
        'Converted 1:1',
        'InvalidEncoding 2:1',
      ]);
    });
  });

  describe('warnings', () => {
    it.each([
      [
        'a short row',
        'a,b,c\n1,2\n',
        'ShortRow 2:1',
        '2 cells where the header has 3: AWS fills "c" with ""',
      ],
      [
        'a long row',
        'a,b\n髙,"2\n",3,4\n',
        'LongRow 3:3',
        '4 cells where the header has 2: AWS drops "3", "4"',
      ],
      [
        'an empty header',
        'a,\n1,2\n',
        'EmptyHeader 1:3',
        'column 2 has no name: its values arrive under the key ""',
      ],
      [
        'a padded header',
        'a, b\n1,2\n',
        'PaddedHeader 1:3',
        'the name of column 2, " b", has white space around it: AWS keeps it',
      ],
      [
        'a header that cannot be seen',
        'a,b\u200b\n1,2\n',
        'UnprintableHeader 1:3',
        'the name of column 2, "b\u200b", contains invisible characters',
      ],
      ['a blank line', 'a\n1\n\n2\n', 'BlankLine 3:1', 'blank line, ignored'],
      [
        'a stray backslash',
        'a,b\n1,"髙\n\\d"\n',
        'StrayBackslash 3:1',
        'the backslash before "d" is dropped: AWS keeps a backslash only where it is doubled',
      ],
      [
        'a padded cell',
        'a,b\n1,"x\n" ,3 \n',
        'PaddedCell 2:3',
        '"x\\n " has white space around it: AWS keeps it',
      ],
      [
        'an ideographic space',
        'a,b\n1,山田\u3000\n',
        'PaddedCell 2:3',
        '"山田\u3000" has white space around it: AWS keeps it',
      ],
      [
        'text after a closing quote',
        'a,b\n"x"y,2\n',
        'TextAfterQuote 2:4',
        'text after a closing quote: kept as part of the cell, but AWS does not guarantee it',
      ],
      [
        'a hint to Excel',
        'sep=;\r\nid;b\r\n1;2\r\n',
        'SepLine 1:1',
        '"sep=;" is an Excel directive, but AWS reads it as the header',
      ],
      [
        "DOS's end mark",
        'a\r\n1\r\n\x1a',
        'EndMark 3:1',
        'a DOS end-of-file mark (Ctrl-Z): AWS makes a row of it',
      ],
      [
        'newlines of two kinds',
        'a\r\n1\r\n2\n',
        'MixedNewlines 3:1',
        'this record ends with LF, those before it with CRLF: AWS takes both',
      ],
    ])('%s', (_, content, place, message) => {
      const report = check(content);
      expect(report.ok).toBe(true);
      expect(found(report)).toContain(place);
      expect(report.problems.find(({ code }) => place.startsWith(`${code} `))?.message).toBe(message);
    });

    it('a BOM: the columns are told without it', () => {
      const report = check('\uFEFF"id",b\n1,2\n', {}, 2);
      expect(report).toMatchObject({ bom: true, encoding: 'utf-8', columns: ['id', 'b'], rows: 1, ok: true });
      expect(found(report)).toEqual(['Bom 1:1']);
    });

    it('has none for spaces and backslashes that are meant', () => {
      expect(check('a,b\n1 2,x y\n"p, q",C:\\\\dir\\,\n').problems).toEqual([]);
    });

    it('lists the first of each code and counts the rest', () => {
      const report = check(`a,b\n${'1\n'.repeat(5000)}1,2,3\n`, { maxProblems: 3 }, 100);
      expect(report.rows).toBe(5001);
      expect(report.problems.map(({ code, line, count }) => [code, line, count])).toEqual([
        ['ShortRow', 2, undefined],
        ['ShortRow', 3, undefined],
        ['ShortRow', 4, 5000],
        ['LongRow', 5002, undefined],
      ]);
    });
  });

  it('tells what is mended, and counts the rows of the mended file', () => {
    const file = 'sep=,\nid ,b\n1,\n2\n\x1a';
    const fixes = (report: CsvReport) => report.problems.map(({ code, fix }) => [code, fix]);
    expect(check(file)).toMatchObject({ columns: ['sep=', ''], rows: 4 });
    expect(fixes(check(file))).toContainEqual(['SepLine', 'offered']);
    const mended = check(file, { mend: true });
    expect(mended).toMatchObject({ columns: ['id', 'b'], rows: 2, ok: true });
    expect(fixes(mended)).toEqual([
      ['SepLine', 'done'],
      ['PaddedHeader', 'done'],
      ['ShortRow', undefined],
      ['EndMark', 'done'],
    ]);
    expect(found(check('a, a\n1,2\n', { mend: true }))).toContain('DuplicateHeader 1:3');
  });

  it('measures the largest row, where a machine might not take it', () => {
    const rows = ['x'.repeat(60_000), 'y'.repeat(140_000), 'z'.repeat(150_000), 'x'].join('\n');
    expect(check(`a\n${rows}\n`).largestRow).toEqual({ line: 4, bytes: 150_008 });
    expect(check('a\n1\n').largestRow).toBeUndefined();
  });

  it('takes a file without a header', () => {
    expect(check('1,1\n2,2\n', { header: false })).toMatchObject({ columns: ['1', '2'], rows: 2, ok: true });
    expect(check('1,1\n2,2\n', { columns: ['x', 'y'] })).toMatchObject({
      columns: ['x', 'y'],
      rows: 2,
      ok: true,
    });
    expect(found(check('\n', { columns: ['x'] }))).toEqual(['BlankLine 1:1', 'Empty 1:1']);
  });

  it('tells newlines by those that end records', () => {
    expect(check('a\r1\r').newline).toBe('CR');
    expect(check('a\r\n"x\ny"\r\n').newline).toBe('CRLF');
    expect(check('a\n1\r2\n').newline).toBe('mixed');
    expect(check('a').newline).toBeNull();
  });

  it('says the same in any chunks, and counts the rows that the machine gets', () => {
    const part = fc.constantFrom(
      ',',
      '"',
      '""',
      '\\',
      '\n',
      '\r\n',
      '\r',
      'a',
      ' ',
      '髙',
      '😀',
      ';',
      '\0',
      '\u3000',
    );
    const text = fc.array(part, { maxLength: 60 }).map((parts) => `x,y\n${parts.join('')}`);
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (content, chunkBytes) => {
        const report = check(content, { delimiter: ',' }, chunkBytes);
        expect(report).toEqual(check(content, { delimiter: ',' }));
        if (report.problems[0]?.code === 'NotText') {
          expect(content.split('\0').length).toBeGreaterThan(2);
          return;
        }
        const reader = new CsvItemReader();
        try {
          const items = [...reader.push(Buffer.from(content)), ...reader.end()];
          expect(report.rows).toBe(items.length);
        } catch (error) {
          if (!(error instanceof CsvError)) throw error;
          expect(report.problems.map(({ code }) => code)).toContain(error.code);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds by bytes what it finds by text', () => {
    // A quoted cell makes the whole row be looked at as text; the other cells must get the same answer either way.
    const cell = fc.stringMatching(/^[a \u3000\u00a0あ\t]{0,3}$/);
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
        fc.pre(cells.join('') !== '' || cells.length > 1);
        const row = cells.join(',');
        const padded = (report: CsvReport) => report.problems.map(({ code, column }) => [code, column]);
        const plain = check(`a,b,c\n${row}\n`, { delimiter: ',' });
        const quoted = check(`a,b,c\n${row},""\n`, { delimiter: ',' });
        const onlyPadded = (problems: unknown[][]) => problems.filter(([code]) => code === 'PaddedCell');
        expect(onlyPadded(padded(plain))).toEqual(onlyPadded(padded(quoted)));
      }),
      { numRuns: 500 },
    );
  });
});
