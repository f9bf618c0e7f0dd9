// Throughput of the CSV room against papaparse on the same bytes: `node bench/csv.mjs [megabytes]`.
import { createHash } from 'node:crypto';
import { build } from 'esbuild';
import Papa from 'papaparse';

const megabytes = Number(process.argv[2] ?? 100);
const chunkBytes = 256 * 1024;
const stdout = (line) => process.stdout.write(`${line}\n`);

async function load(entry) {
  const { outputFiles } = await build({
    entryPoints: [new URL(`../src/csv/${entry}`, import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

/** Rows of eight columns: numbers, Japanese, quoted text with commas, now and then a newline. */
function* chunks() {
  let text = 'id,name,price,city,note,email,created,flag\n';
  let bytes = 0;
  for (let id = 1; bytes < megabytes * 1024 * 1024; id++) {
    const note = id % 50 === 0 ? '"two\nlines, ""quoted"""' : id % 5 === 0 ? '"a, b"' : 'plain note';
    text += `${id},商品${id},${id * 3},東京都千代田区,${note},user${id}@example.com,2026-11-24T00:00:00Z,true\n`;
    if (text.length < chunkBytes) continue;
    const chunk = Buffer.from(text);
    bytes += chunk.length;
    yield chunk;
    text = '';
  }
}

const whole = Buffer.concat([...chunks()]);
const pieces = [];
for (let at = 0; at < whole.length; at += chunkBytes) pieces.push(whole.subarray(at, at + chunkBytes));

const { CsvItemReader } = await load('item-reader.ts');
const { createCsvCheck } = await load('check.ts');
const { createRowReader } = await load('row-reader.ts');

const runs = {
  papaparse: () => {
    // As Papa's own Node stream does: decoded text by chunks; here one string, the best case for it.
    let rows = 0;
    const decoder = new TextDecoder();
    const text = pieces.map((piece) => decoder.decode(piece, { stream: true })).join('');
    Papa.parse(text, { delimiter: ',', newline: '\n', step: () => rows++ });
    return rows - 2; // the header, and the empty text after the last newline
  },
  CsvItemReader: () => {
    const reader = new CsvItemReader();
    let rows = 0;
    for (const piece of pieces) rows += reader.push(piece).length;
    return rows + reader.end().length;
  },
  createRowReader: () => {
    const reader = createRowReader({ encoding: 'utf-8', delimiter: ',' });
    let rows = 0;
    for (const piece of pieces) rows += reader.push(piece).length;
    return rows + reader.end().length;
  },
  // As an import's first pass: all rules on, and the file hashed.
  createCsvCheck: () => {
    const check = createCsvCheck();
    const hash = createHash('sha256');
    for (const piece of pieces) {
      hash.update(piece);
      check.push(piece);
    }
    hash.digest();
    return check.end().rows;
  },
};

const turns = 5;
const times = new Map(Object.keys(runs).map((name) => [name, []]));
const rows = new Map();
// Turn by turn, so that a busy moment of the machine meets all of them.
for (let turn = 0; turn <= turns; turn++) {
  for (const [name, run] of Object.entries(runs)) {
    const start = performance.now();
    rows.set(name, run());
    if (turn > 0) times.get(name).push((performance.now() - start) / 1000);
  }
}
const speeds = [...times].map(([name, taken]) => {
  const median = taken.sort((a, b) => a - b)[Math.floor(turns / 2)];
  return [name, whole.length / 1e6 / median];
});
for (const [name, speed] of speeds) {
  const ratio = (speed / speeds[0][1]).toFixed(2);
  stdout(
    `${name.padEnd(16)} ${rows.get(name)} rows ${speed.toFixed(0).padStart(5)} MB/s  ${ratio} x papaparse`,
  );
}
