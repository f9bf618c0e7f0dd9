import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delimiter } from '../../src/csv/dialect.js';
import { createProblemList } from '../../src/csv/problems.js';
import { createRecordCheck } from '../../src/csv/record-check.js';
import { type Newline, RecordScanner } from '../../src/csv/scanner.js';

interface Looked {
  /** How many rows were passed over. */
  passed: number;
  told: unknown;
}

/** Looks at the records as the check does, with `passOver` or without. */
function look(content: Buffer, delimiter: Delimiter, chunkBytes: number, passes: boolean): Looked {
  const problems = createProblemList(5, false);
  const scanner = new RecordScanner({ delimiter });
  const records = createRecordCheck({ delimiter, mend: false, maxItemBytes: 400, problems });
  let newline: Newline | 'mixed' | undefined;
  let passed = 0;
  const drain = (): void => {
    for (;;) {
      const before = records.rows();
      if (passes && newline) records.passOver(scanner, newline, 'utf-8');
      passed += records.rows() - before;
      if (!scanner.next()) return;
      if (scanner.newline) newline = newline && newline !== scanner.newline ? 'mixed' : scanner.newline;
      records.check(scanner, 'utf-8');
    }
  };
  for (let at = 0; at < content.length; at += chunkBytes) {
    scanner.push(content.subarray(at, at + chunkBytes));
    drain();
  }
  scanner.end();
  drain();
  const told = { found: problems.list(), rows: records.rows(), columns: records.columns(), newline };
  return { passed, told: { ...told, largest: records.largest() } };
}

/** Mostly what is passed over, now and then what must not be. */
const part = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'é', '髙', '"b"', '"c,""d"""', '"e\nf"', '""', '', 'long text'),
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

describe('rows that are passed over', () => {
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
          // What is 0xff in the text is such a byte in the file: no UTF-8.
          const content = Buffer.concat(
            text
              .split('\xff')
              .flatMap((piece, index) => [Buffer.from(index > 0 ? [0xff] : []), Buffer.from(piece)]),
          );
          const slowly = look(content, delimiter, 1 << 20, false);
          for (const size of [chunkBytes, 1 << 20]) {
            const quickly = look(content, delimiter, size, true);
            expect(quickly.told).toEqual(slowly.told);
            passed += quickly.passed;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(passed).toBeGreaterThan(3000);
  });
});
