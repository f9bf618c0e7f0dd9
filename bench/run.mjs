// `npm run bench`: each measure beside its floor, in one run. Ratios are what to compare; times are this machine's.
// `--json` keeps the table of docs/performance.md.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildDist } from '../scripts/build.mjs';

await buildDist();
const all = [
  'startup',
  'import',
  'csv',
  'upload',
  'interpreter',
  'flow-test',
  'expressions',
  'engine-server',
  'follow',
  'follow-logs',
  'console',
  'console-execution',
];

function run(name, args = []) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

const args = process.argv.slice(2);
if (args[0] === '--json') run('table', args.slice(1));
else
  for (const name of args.length > 0 ? args : all) {
    process.stdout.write(`\n== ${name}\n`);
    run(name);
  }
