import iconv from 'iconv-lite';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { type CsvReport, createCsvCheck } from '../../src/csv/check.js';
import { CsvItemReader } from '../../src/csv/item-reader.js';
import { createTranscoder } from '../../src/csv/transcode.js';
import { randomNumbers } from '../soak/seed.js';
import { type RandomFile, randomFile } from './random-files.js';

const random = randomNumbers(Number(process.env.MBC_FLOW_SEED ?? 1));
const files = Array.from({ length: 400 }, () => randomFile(random));

function* chunksOf({ bytes }: RandomFile): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

function check(file: RandomFile): CsvReport {
  const checker = createCsvCheck();
  for (const chunk of chunksOf(file)) checker.push(chunk);
  return checker.end();
}

const understood = ({
  encoding,
  delimiter,
  columns,
  rows,
  bom,
  ok,
}: CsvReport | (RandomFile & { ok: true })) =>
  JSON.stringify({ encoding, delimiter, columns, rows, bom, ok });

test('of files as people’s programs write them, 97 % are understood whole', () => {
  const wrong = files.filter((file) => understood(check(file)) !== understood({ ...file, ok: true }));
  const share = wrong.length / files.length;
  expect(share, wrong.map(({ text }) => JSON.stringify(text.slice(0, 100))).join('\n')).toBeLessThan(0.03);
});

/** Cell by cell, by libraries that know nothing of ours. */
function readByOthers({ bytes, encoding, delimiter, newline }: RandomFile): string[][] {
  const text = iconv.decode(bytes, encoding === 'shift_jis' ? 'cp932' : encoding);
  return Papa.parse<string[]>(text, { delimiter, newline: newline as '\n', skipEmptyLines: true }).data;
}

test('the rows that the machine is given are those that other libraries read', () => {
  for (const file of files.filter(({ text }) => !text.includes('\\'))) {
    const { encoding, delimiter } = file;
    const transcoder = createTranscoder({ encoding, delimiter });
    const reader = new CsvItemReader();
    const items = [];
    for (const chunk of chunksOf(file))
      items.push(...reader.push(transcoder ? transcoder.push(chunk) : chunk));
    if (transcoder) items.push(...reader.push(transcoder.end()));
    items.push(...reader.end());
    const [header = [], ...rows] = readByOthers(file);
    // A BOM that UTF-8 keeps is in the first name.
    const names = reader.headers?.map((name) => name.replace('\uFEFF', ''));
    expect(names).toEqual(header.map((name) => name.replace('\uFEFF', '')));
    expect(items.map(({ item }) => Object.values(item))).toEqual(
      rows.map((row) => header.map((_, column) => row[column] ?? '')),
    );
  }
});
