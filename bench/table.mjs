// `npm run bench -- --json [megabytes] [rounds]`: each measure of `dist/` beside its anchor, kept in bench/results.json;
// docs/performance.md is written from it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kinds, writeCsv } from './kit/csv-files.mjs';
import { pair } from './kit/pairs.mjs';
import { measure } from './kit/process-tree.mjs';
import { writeProducts } from './kit/products.mjs';
import { writePerformance } from './performance.mjs';
import { scale } from './scale.mjs';
import { dev, readyPair } from './startup.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [megabytes = 60, rounds = 5] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
const binary = here('../bin/mbc-flow.js');
const rows = [];

function note(what, anchor, aim, { ratio, seconds, anchorSeconds }, more = {}) {
  const load = Number(loadavg()[0].toFixed(1));
  rows.push({ what, anchor, aim, ratio, seconds, anchorSeconds, load, ...more });
  process.stdout.write(`${what}: ${ratio.toFixed(2)} x ${anchor} (load ${load})\n`);
}

const aims = { '10,000 x 5 Pass': 0.15, '10,000 x 1 Lambda': 0.5, 'Map of 10,000 items': 0.1 };

/** What commands compiled is kept here, whatever folder they run in. */
const warm = { NODE_COMPILE_CACHE: join(folder, 'compiled') };

/** A folder of its own each time, as a first run has it. */
let runs = 0;
const fresh = () => {
  const cwd = join(folder, `run-${runs++}`);
  mkdirSync(cwd);
  return cwd;
};

try {
  const nothing = () => ({ args: ['-e', '0'], times: 20 });
  for (const [what, args, expected, aim] of [
    ['`--help`', ['--help'], 0, 1.1],
    ['`--version`', ['--version'], 0, 1.1],
    ['a usage error', ['list', '--no-such-flag'], 2, 1.6],
  ]) {
    const ours = () => ({ args: [binary, ...args], expected, times: 20 });
    note(what, '`node -e 0`', aim, await pair(ours, nothing, rounds));
  }
  const home = fresh();
  const data = join(home, 'data');
  const server = await dev(binary, data, home);
  try {
    const list = () => ({ args: [binary, 'list', '--data-dir', data], cwd: home, times: 10 });
    // What it compiled is kept from the second run on.
    await pair(list, nothing, 1);
    note('`list` on a running server', '`node -e 0`', 4, await pair(list, nothing, rounds));
  } finally {
    await server.stop();
  }
  note('`dev`, until it is ready (time)', '`node -e 0`', 3.5, await readyPair(binary, fresh(), 4 * rounds));
  // It needs a package of its own: `npm install --prefix bench`.
  const { status, stdout } = spawnSync(process.execPath, [here('interpreter.mjs'), '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (const { name, ...measured } of status === 0 ? JSON.parse(stdout) : [])
    note(`interpreter, ${name}`, 'aws-local-stepfunctions', aims[name], measured);
  for (const [name, kind] of Object.entries(kinds)) {
    const file = join(folder, 'checked.csv');
    await writeCsv(file, kind, megabytes);
    const ours = () => ({ args: [binary, 'import', '--check', file, '-o', 'json'], cwd: fresh(), env: warm });
    const anchor = () => ({ args: [here('kit/csv-floor.mjs'), file, kind.encoding ?? 'utf-8'] });
    // A few bytes a row take papaparse a minute.
    const few = name.startsWith('rows') ? 1 : rounds;
    note(`check of ${megabytes} MB, ${name}`, 'papaparse', kind.aim ?? 0.5, await pair(ours, anchor, few));
  }
  const products = join(folder, 'products.csv');
  await writeProducts(products, 100_000);
  const args = [binary, 'import', products, '--local', '-o', 'json'];
  const imported = () => ({ args, cwd: fresh(), env: warm });
  const floor = () => ({ args: [here('kit/import-floor.mjs'), products] });
  // What it compiled is kept from the second run on.
  await pair(imported, floor, 2);
  const measured = await pair(imported, floor, rounds);
  const cwd = fresh();
  const once = await measure(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true', ...warm },
  });
  const disk = execFileSync('du', ['-sk', cwd], { encoding: 'utf8' });
  note('import of 100,000 rows', 'its floor', 3, measured, {
    peakMegabytes: Math.round(once.peakBytes / 1e6),
    diskRatio: (Number.parseInt(disk, 10) * 1024) / statSync(products).size,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const [{ model }] = cpus();
const machine = {
  cpu: model.trim(),
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const results = { date: new Date().toISOString().slice(0, 10), machine, rounds, rows, scale: await scale() };
writeFileSync(here('results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
writePerformance();
