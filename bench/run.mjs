// `npm run bench`: each measure beside its floor, in one run. Ratios are what to compare; times are this machine's.
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
  'expressions',
  'engine-server',
  'follow',
  'follow-logs',
];
for (const name of process.argv.length > 2 ? process.argv.slice(2) : all) {
  process.stdout.write(`\n== ${name}\n`);
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
