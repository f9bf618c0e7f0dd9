import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCsvCheck } from '../../src/csv/check.js';
import type { Delimiter } from '../../src/csv/dialect.js';
import { CsvItemReader } from '../../src/csv/item-reader.js';
import { createRowReader } from '../../src/csv/row-reader.js';
import { createTranscoder } from '../../src/csv/transcode.js';
import { material } from '../shared.js';

interface Entry {
  id: string;
  file: string;
  encoding: string;
  bom: boolean;
  delimiter: Delimiter;
  header: boolean;
  valid: boolean;
  headerRow?: string[];
  columns: number;
  dataRows: number;
  duplicateHeaders: boolean;
  expectedFile?: string;
  agreement: string;
}
const labels: Record<string, string> = {
  'latin-1': 'windows-1252',
  cp932: 'shift_jis',
  euc_jp: 'euc-jp',
  iso2022_jp: 'iso-2022-jp',
};
/** Files of which the index and the rules of AWS's reader (or common sense) rightly say different things. */
const otherwise = new Set([
  'nodecsv-fs_read', // three columns' worth of semicolons, indexed as one column of commas
]);

const entries = material.table<Entry>('csv/index.json');
const agreed = entries.filter(({ agreement }) => agreement === 'all three parsers agree');

/** The index's parsers know no escape but the doubled quote; AWS's does. */
const hasBackslash = (chunks: Buffer[]) => chunks.some((chunk) => chunk.includes('\\'));

function read(file: string, header: boolean, chunkBytes: number) {
  const bytes = readFileSync(material.path(`csv/${file}`));
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  const check = createCsvCheck({ header });
  for (const chunk of chunks) check.push(chunk);
  return { chunks, report: check.end() };
}

material.describe('files of the world', () => {
  it('has the files', () => expect(agreed.length).toBeGreaterThan(90));

  describe.each(agreed.filter(({ id }) => !otherwise.has(id)))('$id', (entry) => {
    it('is understood: encoding, delimiter, columns, rows', () => {
      const { report, chunks } = read(entry.file, entry.header, 1000);
      expect({ ...report, columns: report.columns.length }).toMatchObject({
        encoding: labels[entry.encoding] ?? entry.encoding,
        bom: entry.bom,
        delimiter: entry.delimiter,
        columns: entry.columns,
        rows: entry.dataRows,
      });
      if (entry.headerRow && !hasBackslash(chunks)) expect(report.columns).toEqual(entry.headerRow);
    });

    it('gives the machine the rows that the check counted and the row reader places', () => {
      const { report, chunks } = read(entry.file, entry.header, 1000);
      const { encoding, delimiter, columns, rows } = report;
      if (!report.ok || !encoding || !delimiter) return;
      const headers = entry.header ? undefined : columns;
      const dialect = { encoding, delimiter, columns: headers };
      const transcoder = createTranscoder(dialect);
      const machine = new CsvItemReader();
      const original = createRowReader(dialect);
      const items = [];
      const lines = [];
      for (const chunk of chunks) {
        items.push(...machine.push(transcoder ? transcoder.push(chunk) : chunk));
        lines.push(...original.push(chunk));
      }
      if (transcoder) items.push(...machine.push(transcoder.end()));
      items.push(...machine.end());
      lines.push(...original.end());
      expect(items).toHaveLength(rows);
      expect(lines.map(({ item }) => item)).toEqual(items.map(({ item }) => item));
      expect(lines.map(({ index }) => index)).toEqual(items.map((_, index) => index));
      if (entry.expectedFile && !hasBackslash(chunks)) {
        const expected = JSON.parse(material.text(`csv/${entry.expectedFile}`)) as string[][];
        const width = columns.length;
        const data = (entry.header ? expected.slice(1) : expected).map((row) =>
          Array.from({ length: width }, (_, index) => row[index] ?? ''),
        );
        expect(items.map(({ item }) => Object.values(item).sort())).toEqual(
          data.map((row) => [...row].sort()),
        );
      }
    });
  });

  it.each(
    entries.filter(({ valid, duplicateHeaders, dataRows }) => valid && !duplicateHeaders && dataRows > 0),
  )('$id is not refused', ({ id, file, header }) => {
    const { report } = read(file, header, 64 * 1024);
    const errors = report.problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(id === 'made-nul-byte' ? ['Nul'] : []);
  });
});

material.describe("papaparse's own cases", () => {
  interface PapaCase {
    id: string;
    description: string;
    input: string;
    config: { delimiter?: Delimiter };
    expected: { data: string[][]; errors: unknown[] };
    set: string;
  }
  const cases = material.there
    ? (JSON.parse(material.text('csv/papaparse-cases.json')) as { cases: PapaCase[] }).cases
    : [];
  const ours = cases.filter(
    ({ set, input, config, expected }) =>
      set === 'CORE_PARSER_TESTS' &&
      typeof input === 'string' &&
      expected.errors.length === 0 &&
      !input.includes('\\') &&
      Object.keys(config).every((key) => key === 'delimiter') &&
      /^[,;|\t ]$/.test(config.delimiter ?? ','),
  );
  it('has cases', () => expect(ours.length).toBeGreaterThan(20));

  it.each(ours)('$description ($id)', ({ input, config, expected }) => {
    const headers = Array.from({ length: 12 }, (_, index) => `h${index}`);
    const reader = new CsvItemReader({ headers, delimiter: config.delimiter });
    const items = [...reader.push(Buffer.from(input)), ...reader.end()];
    const rows = expected.data.filter((row) => row.length > 1 || row[0] !== '');
    expect(items.map(({ item }) => Object.values(item))).toEqual(
      rows.map((row) => headers.map((_, index) => row[index] ?? '')),
    );
  });
});
