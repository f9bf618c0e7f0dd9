// An import on the embedded server beside its floor (kit/import-floor.mjs), and its memory as rows grow.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure } from './kit/process-tree.mjs';
import { writeProducts } from './kit/products.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
const say = (line) => process.stdout.write(`${line}\n`);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

async function importRows(rows, functions) {
  const file = join(folder, `products-${rows}.csv`);
  await writeProducts(file, rows);
  const cwd = mkdtempSync(join(folder, 'run-'));
  if (functions) writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local: { functions } }));
  const args = [here('../bin/mbc-flow.js'), 'import', file, '--local', '-o', 'json'];
  const env = { PATH: process.env.PATH, HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true' };
  const run = await measure(process.execPath, args, { cwd, env });
  if (run.exitCode !== 0)
    throw new Error(`import of ${rows} rows: exit ${run.exitCode}\n${run.stdout}${run.stderr}`);
  return { ...run, file };
}

try {
  const small = await importRows(10_000);
  const large = await importRows(100_000);
  const own = await importRows(100_000, {
    '*': here('kit/handler.handler'),
  });
  const floor = await measure(process.execPath, [here('kit/import-floor.mjs'), large.file]);
  const beside = ({ seconds, peakBytes }) =>
    `${seconds.toFixed(1)} s (${(seconds / floor.seconds).toFixed(1)}x), ${megabytes(peakBytes)} (${(peakBytes / floor.peakBytes).toFixed(1)}x)`;
  say(`floor, 100,000 rows                    ${beside(floor)}`);
  say(`import, 100,000 rows, reference        ${beside(large)}`);
  say(`import, 100,000 rows, a child process  ${beside(own)}`);
  say(`memory at 100,000 rows beside 10,000   ${(large.peakBytes / small.peakBytes).toFixed(2)}x`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
