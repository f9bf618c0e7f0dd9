import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, startCli, startDev, workDirectory } from '../e2e/cli.js';
import { config, ranIn, type Told } from '../task-items.js';
import { count, randomNumbers, seed } from './seed.js';

const items = count(10_000, 400);
const kills = count(10, 2);
const isBad = (id: number): boolean => id % 100 < 3;

/** Notes each item down, and swallows its own errors, as the framework's handler does. */
const handler = `
import { appendFileSync, existsSync } from 'node:fs';
export const handler = async ({ input }) => {
  appendFileSync('ran.txt', input.id + '\\n');
  try {
    if (input.id % 100 < 3 && !existsSync('cured')) throw new Error('no stock');
    return [[{ done: input.id }]];
  } catch {
    return [[undefined]];
  }
};
`;

test(`${items} items, 3 % failing, the client killed ${kills} times: each ran once and is told in order`, async () => {
  const random = randomNumbers(seed);
  const cwd = workDirectory();
  const all = Array.from({ length: items }, (_, id) => id);
  writeFileSync(join(cwd, 'function.mjs'), handler);
  writeFileSync(join(cwd, 'mbc-flow.json'), config);
  writeFileSync(join(cwd, 'items.json'), JSON.stringify(all.map((id) => ({ id }))));
  const dev = await startDev({ cwd });
  const line = [
    'task',
    'start',
    'items.json',
    '--batch-size',
    String(items / 20),
    '--parallel',
    '4',
    '-o',
    'json',
  ];
  let broken = 0;
  for (let number = 0; number < kills; number++) {
    const client = startCli(line, { cwd });
    const timer = setTimeout(() => client.child.kill('SIGKILL'), 700 + random() * count(5_000, 1_500));
    const { exitCode } = await client.done;
    clearTimeout(timer);
    if (exitCode === 137) broken++;
  }
  const { exitCode, stdout, stderr } = await runCli(line, { cwd });
  expect(stderr).toBe('');
  expect(exitCode).toBe(1);
  const told = JSON.parse(stdout) as Told;
  const bad = all.filter(isBad);
  expect(told.items).toEqual({ total: items, succeeded: items - bad.length, failed: bad.length, notRun: 0 });
  expect(told.results.map(({ index }) => index)).toEqual(all);
  expect(told.results.filter(({ status }) => status !== 'SUCCEEDED').map(({ index }) => index)).toEqual(bad);
  expect(ranIn(cwd).sort((a, b) => a - b)).toEqual(all);
  expect(told.executions).toHaveLength(20);

  writeFileSync(join(cwd, 'cured'), '');
  writeFileSync(join(cwd, 'ran.txt'), '');
  const rerun = await runCli(['task', 'start', '--rerun', told.batch, '-o', 'json'], { cwd });
  expect(rerun.exitCode).toBe(0);
  expect(ranIn(cwd).sort((a, b) => a - b)).toEqual(bad);
  await dev.kill();
  process.stdout.write(`${items} items, ${broken} of ${kills} kills hit a running client\n`);
}, 1_800_000);
