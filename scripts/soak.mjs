// The long suites (test/soak): rounds with one seed after the other until the time is up, at least one.
// Usage: npm run soak -- [--seed N] [--minutes M] [--sample] [SUITE…]; a failing seed replays with --seed. With
// --sample, as in CI, each suite does a small part of its numbers.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '10' },
    sample: { type: 'boolean', default: false },
    // Where vitest's JSON reports go, for .ci/run.
    reports: { type: 'string' },
  },
});

const started = Date.now();
const seeds = [];
const failing = [];
for (let seed = Number(values.seed); ; seed++) {
  process.stdout.write(`\nsoak: seed ${seed}\n`);
  const args = ['run', '--config', join(root, 'test/soak/vitest.config.ts'), '--reporter=verbose'];
  if (values.reports)
    args.push('--reporter=json', `--outputFile.json=${join(values.reports, `soak-${seed}.json`)}`);
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), ...args, ...positionals],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, MBC_FLOW_SEED: String(seed), MBC_FLOW_SAMPLE: String(values.sample) },
    },
  );
  seeds.push(seed);
  if (status !== 0) failing.push(seed);
  if (status === null || Date.now() - started >= Number(values.minutes) * 60_000) break;
}

process.stdout.write(`soak: seeds ${seeds[0]} to ${seeds.at(-1)}, ${failing.length} failing\n`);
for (const seed of failing) process.stdout.write(`replay: npm run soak -- --seed ${seed} --minutes 0\n`);
if (failing.length > 0) process.exitCode = 1;
