import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatcher, textOfBytes } from '../../src/asl/engine/map-item.js';
import { CsvItemReader, type CsvReaderOptions } from '../../src/csv/item-reader.js';

type Read = { text: string; size: number; offset: number };

function inPieces<T>(
  bytes: Uint8Array,
  sizes: number[],
  push: (piece: Uint8Array) => T[],
  end: () => T[],
): T[] {
  const found: T[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] || 1;
    found.push(...push(Uint8Array.from(bytes.subarray(at, at + size))));
    at += size;
  }
  return [...found, ...end()];
}

/** What either way of reading comes to: the rows, and what ended them. */
function outcome(read: () => Read[]): Read[] | string {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

function bothWays(bytes: Uint8Array, sizes: number[], options: CsvReaderOptions = {}) {
  const items = new CsvItemReader(options);
  const texts = new CsvItemReader(options);
  return {
    asItems: outcome(() =>
      inPieces(
        bytes,
        sizes,
        (piece) => items.push(piece),
        () => items.end(),
      ).map(({ item, offset }) => {
        const text = JSON.stringify(item);
        return { text, size: Buffer.byteLength(text), offset };
      }),
    ),
    asTexts: outcome(() =>
      inPieces(
        bytes,
        sizes,
        (piece) => texts.pushJson(piece),
        () => texts.endJson(),
      ).map((row) => ({ text: textOfBytes(row), size: row.to - row.from, offset: row.offset })),
    ),
  };
}

const parts = [
  ...[
    ',',
    '"',
    '""',
    '\\',
    '\n',
    '\r\n',
    '\r',
    '\n',
    ',',
    ',',
    'a',
    'id',
    '1',
    '0',
    ' ',
    '髙',
    '😀',
    '\t',
    'é',
  ],
  ...['\0', '\u001f', '\u007f', '\u2028', '__proto__', '\ufeff', '"b"', ',"c, d"', ',"e\nf"'],
].map((text) => Buffer.from(text));
// What is no UTF-8, alone and cut off.
const broken = [[0xff], [0xe6, 0x97], [0x80]].map((bytes) => Buffer.from(bytes));
const files = fc
  .array(fc.constantFrom(...parts, ...parts, ...parts, ...broken), { maxLength: 60 })
  .map((pieces) => Buffer.concat(pieces));
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });

describe('rows as JSON texts', () => {
  it('are what JSON.stringify makes of the items, whatever is in the file and wherever it is cut', () => {
    fc.assert(
      fc.property(files, sizes, fc.constantFrom(',', ';', '\t', ' '), (bytes, cuts, delimiter) => {
        const { asItems, asTexts } = bothWays(bytes, cuts, { delimiter: delimiter as ',' });
        expect(asTexts).toEqual(asItems);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['columns that JavaScript moves', 'b,10,2\nx,y,z\n'],
    ['a column __proto__', '__proto__,a\n1,2\n'],
    ['a name with quotes', '"say ""hi""",b\n1,2\n'],
    ['missing cells and too many', 'a,b,c\n1\n1,2,3,4\n,,\n'],
    ['rows that need more room than a page', `a,b\n${'x'.repeat(200_000)},"${'y\n'.repeat(50_000)}"\n1,2\n`],
    [
      'a broken character in a last row without a newline, smaller than what stood before',
      Buffer.from('a,b\nxxxx,yyyy\n\xff,2', 'latin1'),
    ],
    ['CR alone', 'a,b\r髙,2\r3,"4"\r'],
  ])('%s', (_what, text) => {
    const { asItems, asTexts } = bothWays(typeof text === 'string' ? Buffer.from(text) : text, [1 << 16]);
    expect(asTexts).toEqual(asItems);
    expect(asItems.length).toBeGreaterThan(0);
  });

  it('of no columns are empty objects', () => {
    const { asItems, asTexts } = bothWays(Buffer.from('a,b\nc\n'), [8], { headers: [] });
    expect(asItems).toMatchObject([{ text: '{}' }, { text: '{}' }]);
    expect(asTexts).toEqual(asItems);
  });

  it('gather in batches as texts do, by count and by bytes', () => {
    const header = 'id,名\n';
    const text =
      header + Array.from({ length: 500 }, (_, at) => `${at},${at % 3 ? '髙' : '"a, ""b"""'}\n`).join('');
    const rows = new CsvItemReader().pushJson(Buffer.from(text));
    const batches = (itemBatcher: object, items: readonly Parameters<Batcher['add']>[0][]): string[] => {
      const batcher = createBatcher({ itemBatcher }) as Batcher;
      const taken: string[] = [];
      for (const item of items)
        if (batcher.add(item) === 'full') {
          taken.push(batcher.take());
          batcher.add(item);
        }
      return [...taken, batcher.take()];
    };
    const mixed = rows.map((row, at) => (at % 10 === 0 ? textOfBytes(row) : row));
    for (const itemBatcher of [
      { maxItemsPerBatch: 7 },
      { maxInputBytesPerBatch: 900 },
      { batchInput: { a: 1 } },
    ]) {
      const expected = batches(itemBatcher, rows.map(textOfBytes));
      expect(batches(itemBatcher, rows)).toEqual(expected);
      expect(batches(itemBatcher, mixed)).toEqual(expected);
    }
  });
});

type Batcher = NonNullable<ReturnType<typeof createBatcher>>;
