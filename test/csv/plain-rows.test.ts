import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { ChunkScan } from '../../src/csv/chunk-scan.js';
import type { Delimiter } from '../../src/csv/dialect.js';
import { createUtf8Converter, decodedWhole } from '../../src/csv/encoding/utf8.js';
import { createProblemList } from '../../src/csv/problems.js';
import { createRecordCheck } from '../../src/csv/record-check.js';
import { type Newline, RecordScanner } from '../../src/csv/scanner.js';
import type { FileDialect } from '../../src/csv/transcode.js';

interface Looked {
  /** How many rows were passed over. */
  passed: number;
  told: unknown;
}

/** Looks at the records as the check does, passing over rows or not. */
function look(content: Buffer, file: FileDialect, chunkBytes: number, passes: boolean): Looked {
  const { encoding, delimiter } = file;
  const problems = createProblemList(5, false);
  const converter = createUtf8Converter(encoding, true);
  const scanner = new RecordScanner({ delimiter });
  const chunks = new ChunkScan(scanner);
  const records = createRecordCheck({ delimiter, mend: false, maxItemBytes: 400, problems });
  const { characters } = converter;
  let newline: Newline | 'mixed' | undefined;
  let passed = 0;
  const drain = (): void => {
    while (scanner.next()) {
      if (scanner.newline) newline = newline && newline !== scanner.newline ? 'mixed' : scanner.newline;
      records.check(scanner, encoding);
    }
  };
  for (let at = 0; at < content.length; at += chunkBytes) {
    const chunk = content.subarray(at, at + chunkBytes);
    chunks.push(characters ? chunk : converter.push(chunk), {
      isSound: (bytes) => passes && (characters !== undefined || decodedWhole(encoding)(bytes)),
      passOver(lines) {
        const before = records.rows();
        const next = records.passOver(scanner, lines, newline, characters);
        passed += records.rows() - before;
        return next;
      },
      scan(lines) {
        scanner.push(characters ? converter.push(lines) : lines);
        drain();
      },
    });
  }
  scanner.push(converter.end());
  scanner.end();
  drain();
  const told = { found: problems.list(), rows: records.rows(), columns: records.columns(), newline };
  return { passed, told: { ...told, largest: records.largest() } };
}

const iconvNames = { shift_jis: 'cp932' } as Record<string, string>;
const encode = (text: string, encoding: string): Buffer =>
  iconv.encode(text, iconvNames[encoding] ?? encoding, { addBOM: false });

/** Mostly what is passed over, now and then what must not be. */
const part = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'a',
      'é',
      '高',
      'ポ表',
      'ﾔｿ',
      '円\u3000円',
      '"b"',
      '"c,""d"""',
      '"e\nf"',
      '""',
      '',
      'long text',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"',
      '""x',
      '\\',
      '\\"',
      ' a',
      'a\u3000',
      '\u3000高',
      '"\u3000"',
      '髙',
      '丂',
      '\u00a0',
      '" q"',
      '"q\t"',
      '\0',
      '5"',
      '😀',
      '\xff',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('"g\r\nh"', '"i\r', 'x'.repeat(40), '"j"k', '\ufeff', '\x1a') },
);
const row = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(part, part) },
  { weight: 1, arbitrary: fc.array(part, { maxLength: 3 }) },
);
const newlines = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\r\n', '\n') },
);

describe.each(['utf-8', 'shift_jis', 'euc-jp', 'windows-1252', 'gbk', 'utf-16le'])(
  'rows of %s that are passed over',
  (encoding) => {
    it('are those of which there is nothing to say', () => {
      let passed = 0;
      fc.assert(
        fc.property(
          fc.array(fc.tuple(row, newlines), { maxLength: 12 }),
          fc.constantFrom<Delimiter>(',', '\t', ' ', '|'),
          fc.constantFrom('\n', '\r\n', '\r'),
          fc.integer({ min: 1, max: 40 }),
          fc.boolean(),
          (rows, delimiter, usual, chunkBytes, damaged) => {
            const body = rows.map(([cells, other]) => cells.join(delimiter) + (other || usual)).join('');
            const text = `x${delimiter}y${usual}${body}`.replaceAll('\xff', damaged ? '\xff' : '');
            // What is 0xff in the text is such a byte in the file: of most encodings that is no character.
            const content = Buffer.concat(
              text
                .split('\xff')
                .flatMap((piece, index) => [Buffer.from(index > 0 ? [0xff] : []), encode(piece, encoding)]),
            );
            const slowly = look(content, { encoding, delimiter }, 1 << 20, false);
            for (const size of [chunkBytes, 1 << 20]) {
              const quickly = look(content, { encoding, delimiter }, size, true);
              expect(quickly.told).toEqual(slowly.told);
              passed += quickly.passed;
            }
          },
        ),
        { numRuns: encoding === 'utf-8' ? 3000 : 700 },
      );
      expect(passed).toBeGreaterThan(300);
    });
  },
);
