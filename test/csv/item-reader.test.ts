import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CsvError, type CsvItem, CsvItemReader, type CsvReaderOptions } from '../../src/csv/item-reader.js';
import { material } from '../shared.js';

/** Feeds `bytes` in pieces of the given sizes (cycled). */
function readAll(bytes: Uint8Array, sizes: number[] = [bytes.length], options?: CsvReaderOptions): CsvItem[] {
  const reader = new CsvItemReader(options);
  const items: CsvItem[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] || 1;
    items.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  items.push(...reader.end());
  return items;
}
const rows = (text: string, options?: CsvReaderOptions) =>
  readAll(Buffer.from(text), undefined, options).map(({ item }) => item);

/** Text that meets every rule: quotes, doubled quotes, backslashes, newlines of all kinds, multi-byte characters. */
const wild = fc
  .array(fc.constantFrom(',', '"', '""', '\\', '\n', '\r\n', '\r', 'a', ' ', '髙', '😀', '\t', ';', 'é'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));
const chunkSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
/** Ends any quote that is open: rows up to there are what is compared. */
const closed = (text: string) => {
  try {
    rows(text, { headers: ['x'] });
    return true;
  } catch {
    return false;
  }
};

/** The rules once more, character by character, as slow and plain as they can be written. */
function readPlainly(text: string): string[][] {
  const records: string[][] = [];
  const characters = [...text];
  let cells: string[] = [];
  let cell = '';
  let at = 0;
  let inQuotes = false;
  let cellBegins = true;
  let recordIsBlank = true;
  const endRecord = () => {
    if (!recordIsBlank) records.push([...cells, cell]);
    cells = [];
    cell = '';
    cellBegins = true;
    recordIsBlank = true;
  };
  while (at < characters.length) {
    const character = characters[at++] ?? '';
    const following = characters[at];
    if (!inQuotes && (character === '\n' || character === '\r')) {
      if (character === '\r' && following === '\n') at++;
      endRecord();
      continue;
    }
    recordIsBlank = false;
    const begins = cellBegins;
    cellBegins = false;
    if (character === '\\') {
      if (following === '\\' || following === '"' || following === ',') {
        cell += following;
        at++;
      }
    } else if (inQuotes) {
      if (character !== '"') cell += character;
      else if (following === '"') {
        cell += '"';
        at++;
      } else inQuotes = false;
    } else if (character === '"' && begins) {
      inQuotes = true;
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
      cellBegins = true;
    } else {
      cell += character;
      if (character === '"' && following === '"') at++;
    }
  }
  endRecord();
  return records;
}

describe('CsvItemReader', () => {
  it('names cells by the header, all strings, nothing trimmed', () => {
    expect(rows('id, name \n1, 名前 \ntrue,null\n')).toEqual([
      { id: '1', ' name ': ' 名前 ' },
      { id: 'true', ' name ': 'null' },
    ]);
  });

  it('pads short rows, drops extra cells, takes an empty header name', () => {
    expect(rows('a,,c\n1\n1,2,3,4\n,,,\n   \n')).toEqual([
      { a: '1', '': '', c: '' },
      { a: '1', '': '2', c: '3' },
      { a: '', '': '', c: '' },
      { a: '   ', '': '', c: '' },
    ]);
  });

  it('reads quoted cells with delimiters, newlines and doubled quotes', () => {
    expect(rows('a,b\r\n"x,y","line\r\nline\nline"\r\n"say ""hi""",""\r\n')).toEqual([
      { a: 'x,y', b: 'line\r\nline\nline' },
      { a: 'say "hi"', b: '' },
    ]);
  });

  it('takes a quote as such where the cell did not begin with it, and text after a closing quote', () => {
    expect(rows('a,b\n5" disk,say "hi"\n"x"y"z,2\n')).toEqual([
      { a: '5" disk', b: 'say "hi"' },
      { a: 'xy"z', b: '2' },
    ]);
  });

  it('takes "" for one quote in a cell without quotes too, as in the example of AWS’s guide', () => {
    const text =
      'abc,123,"This string contains commas, a double quotation marks (""), and a newline (\n)",{""MyKey"":""MyValue""},"[1,2,3]"\n';
    expect(rows(text, { headers: ['a', 'b', 'c', 'd', 'e'] })).toEqual([
      {
        a: 'abc',
        b: '123',
        c: 'This string contains commas, a double quotation marks ("), and a newline (\n)',
        d: '{"MyKey":"MyValue"}',
        e: '[1,2,3]',
      },
    ]);
    expect(rows('a,b\nx"",y""""z\n"p"q""r,s"""\n')).toEqual([
      { a: 'x"', b: 'y""z' },
      { a: 'pq"r', b: 's""' },
    ]);
  });

  it('lets a backslash escape a backslash, a quote and the delimiter; any other vanishes', () => {
    expect(rows('a,b\nC:\\\\dir,x\\,y\n"say \\"hi\\"",\\n\\\\n\n\\"q\\",z\\')).toEqual([
      { a: 'C:\\dir', b: 'x,y' },
      { a: 'say "hi"', b: 'n\\n' },
      { a: '"q"', b: 'z' },
    ]);
    expect(rows('a|b\n1\\,2|x\\|y\n', { delimiter: '|' })).toEqual([{ a: '1,2', b: 'x|y' }]);
    expect(rows('a,b\n\\,"x",y\n')).toEqual([{ a: ',"x"', b: 'y' }]);
  });

  it('ends records at LF, CRLF and CR, and skips empty lines', () => {
    expect(rows('a\n1\r\n2\r3\n\n\r\n4')).toEqual([{ a: '1' }, { a: '2' }, { a: '3' }, { a: '4' }]);
    expect(rows('\n\na\n1\n')).toEqual([{ a: '1' }]);
  });

  it('keeps a BOM in the first header, and still sees the quote after it', () => {
    expect(rows('\uFEFF"a,1",b\n1,2\n')).toEqual([{ '\uFEFFa,1': '1', b: '2' }]);
    expect(rows('\uFEFF1,2\n', { headers: ['a', 'b'] })).toEqual([{ a: '\uFEFF1', b: '2' }]);
  });

  it('makes invalid UTF-8 U+FFFD', () => {
    expect(readAll(Buffer.from([0x61, 0x0a, 0x82, 0xa0, 0x0a])).map(({ item }) => item)).toEqual([
      { a: '\uFFFD\uFFFD' },
    ]);
  });

  it('keeps a column named __proto__', () => {
    expect(JSON.stringify(rows('__proto__,b\n1,2\n'))).toBe('[{"__proto__":"1","b":"2"}]');
  });

  it('says where the next record begins', () => {
    expect(readAll(Buffer.from('a\r\n髙\r\n\r\n2'))).toEqual([
      { item: { a: '髙' }, offset: 8, line: 2 },
      { item: { a: '2' }, offset: 11, line: 4 },
    ]);
  });

  it.each([
    ['DuplicateHeader', 'a,b,a\n1,2,3\n', 'CSV headers cannot contain duplicates.'],
    ['HeaderTooLong', `${'a'.repeat(10_241)}\n1\n`, 'The CSV header is longer than 10 KiB.'],
    ['UnclosedQuote', 'a,b\n1,"x\ny', 'The quote opened at line 2, column 3 is never closed.'],
    [
      'RecordTooLong',
      `a\n${'x'.repeat(8 * 1024 * 1024 + 1)}\n`,
      'The record at line 2 is longer than 8 MiB.',
    ],
  ])('%s', (code, text, message) => {
    const bytes = Buffer.from(text);
    expect(() => readAll(bytes, [65_536])).toThrow(new CsvError(code as CsvError['code'], message));
    expect(() => readAll(bytes, [65_536])).toThrow(expect.objectContaining({ code }));
  });

  it('returns the rows before a bad record before it throws', () => {
    const reader = new CsvItemReader();
    const tooLong = 'x'.repeat(8 * 1024 * 1024 + 1);
    expect(reader.push(Buffer.from(`a\n1\n${tooLong}\n`)).map(({ item }) => item)).toEqual([{ a: '1' }]);
    expect(() => reader.end()).toThrow(CsvError);
  });

  it('keeps no more of an endless record than the limit', () => {
    const reader = new CsvItemReader();
    reader.push(Buffer.from('a\n"'));
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    global.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) reader.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 1024 * 1024);
    expect(() => reader.end()).toThrow(/line 2, column 1/);
  });

  it('has no headers before the header record', () => {
    const reader = new CsvItemReader();
    reader.push(Buffer.from('a,b'));
    expect(reader.headers).toBeUndefined();
    reader.push(Buffer.from('\n'));
    expect(reader.headers).toEqual(['a', 'b']);
  });

  it('reads the same in any chunks', () => {
    fc.assert(
      fc.property(wild, chunkSizes, (text, sizes) => {
        fc.pre(closed(text));
        const bytes = Buffer.from(text);
        const options: CsvReaderOptions = { headers: ['a', 'b', 'c'] };
        expect(readAll(bytes, sizes, options)).toEqual(readAll(bytes, undefined, options));
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with the rules written plainly', () => {
    const headers = Array.from({ length: 62 }, (_, index) => `h${index}`);
    fc.assert(
      fc.property(wild, chunkSizes, (text, sizes) => {
        fc.pre(closed(text));
        const items = readAll(Buffer.from(text), sizes, { headers }).map(({ item }) => Object.values(item));
        expect(items).toEqual(
          readPlainly(text).map((cells) => headers.map((_, index) => cells[index] ?? '')),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('goes on from every record border', () => {
    fc.assert(
      fc.property(wild, chunkSizes, (text, sizes) => {
        fc.pre(closed(text));
        const bytes = Buffer.from(text);
        const headers = ['a', 'b'];
        const all = readAll(bytes, undefined, { headers });
        all.forEach(({ offset }, index) => {
          const rest = readAll(bytes.subarray(offset), sizes, { headers, offset });
          const place = ({ item, offset }: CsvItem) => ({ item, offset });
          expect(rest.map(place)).toEqual(all.slice(index + 1).map(place));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('reads back any table that was written by RFC 4180', () => {
    const cell = fc
      .string({ unit: 'binary', maxLength: 12 })
      .filter((text) => !text.includes('\\') && !/\p{Surrogate}/u.test(text));
    const delimiter = fc.constantFrom(',' as const, '|' as const, ';' as const, '\t' as const, ' ' as const);
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
    fc.assert(
      fc.property(
        table,
        delimiter,
        fc.constantFrom('\n', '\r\n', '\r'),
        chunkSizes,
        (cells, by, newline, sizes) => {
          const headers = cells[0]?.map((_, index) => `h${index}`) ?? [];
          const quote = (value: string) =>
            /["\r\n\uFEFF]/.test(value) || value.includes(by) ? `"${value.replaceAll('"', '""')}"` : value;
          const text = cells.map((row) => row.map(quote).join(by) + newline).join('');
          expect(
            readAll(Buffer.from(text), sizes, { headers, delimiter: by, offset: 3 }).map(({ item }) =>
              Object.values(item),
            ),
          ).toEqual(cells);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('agrees with papaparse on RFC 4180', () => {
    const cell = fc.stringMatching(/^[a-z 0-9,"\n;é髙]{0,10}$/);
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(table, (cells) => {
        const text = Papa.unparse(cells, { quotes: false, newline: '\r\n' });
        const headers = ['0', '1', '2', '3'];
        const theirs = Papa.parse<string[]>(text, { delimiter: ',' }).data;
        expect(readAll(Buffer.from(text), [7], { headers }).map(({ item }) => Object.values(item))).toEqual(
          theirs.map((row) => headers.map((_, index) => row[index] ?? '')),
        );
      }),
      { numRuns: 300 },
    );
  });
});

material.describe('what AWS was recorded doing', () => {
  interface Case {
    id: string;
    objects: { Key: string; Body: string }[];
    itemReader: { ReaderConfig: { InputType: string; CSVHeaders?: string[]; MaxItems?: number } };
    outcome: string;
    details: { output: string; cause: string };
  }
  const cases = material.table<Case>('csv/aws-itemreader-cases.json');
  it('has the recordings', () => expect(cases.length).toBeGreaterThan(0));

  for (const { id, objects, itemReader, outcome, details } of cases) {
    const { InputType, CSVHeaders: headers, MaxItems } = itemReader.ReaderConfig;
    if (InputType !== 'CSV') continue;
    it(id, () => {
      const read = () => rows(objects[0]?.Body ?? '', { headers }).slice(0, MaxItems || undefined);
      if (outcome === 'ExecutionSucceeded') expect(read()).toEqual(JSON.parse(details.output));
      else expect(read).toThrow(details.cause);
    });
  }
});
