// The page in the browser: times and nodes with thousands of executions, beside an empty page in the same browser.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  process.stdout.write('SKIPPED chromium\n');
  process.exit();
}
const many = Number(process.argv[2] ?? 5_000);
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
const binary = join(import.meta.dirname, '../bin/mbc-flow.js');
const dev = spawn(process.execPath, [binary, 'dev', '--port', '0', '--s3-port', '0', '-o', 'json'], {
  cwd: folder,
  env: { PATH: process.env.PATH, HOME: folder },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ready = JSON.parse(
  await new Promise((resolve) => dev.stdout.once('data', (text) => resolve(String(text)))),
);
const empty = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end('<!doctype html><title>empty</title><h1>empty</h1>');
});
await new Promise((resolve) => empty.listen(0, '127.0.0.1', resolve));
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const sfn = new SFNClient({ endpoint: ready.endpoint, region: 'ap-northeast-1', credentials });
const browser = await chromium.launch({
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
try {
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'many', definition, roleArn }),
  );
  const start = (name) => sfn.send(new StartExecutionCommand({ stateMachineArn, name }));
  const names = Array.from({ length: many }, (_, index) => `e-${index}`);
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) await start(name);
    }),
  );
  const timed = async (url, done) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const began = performance.now();
    await page.goto(url);
    await done(page);
    const took = performance.now() - began;
    return { page, took };
  };
  const times = { empty: [], console: [] };
  let last;
  for (let round = 0; round < 5; round++) {
    const one = await timed(`http://127.0.0.1:${empty.address().port}/`, (page) =>
      page.getByText('empty').waitFor(),
    );
    times.empty.push(one.took);
    await one.page.close();
    const two = await timed(`${ready.uiEndpoint}/executions#token=${tokenFor(ready)}`, (page) =>
      page.getByText(new RegExp(`^${many} executions`)).waitFor(),
    );
    times.console.push(two.took);
    if (last) await last.close();
    last = two.page;
  }
  const changes = [];
  for (let round = 0; round < 10; round++) {
    const name = `change-${round}`;
    const seen = last.getByRole('link', { name, exact: true }).waitFor();
    const began = performance.now();
    await start(name);
    await seen;
    changes.push(performance.now() - began);
  }
  const nodes = await last.evaluate(() => {
    const all = [...document.querySelectorAll('.list .rows *')];
    const { top, bottom } = document.querySelector('.list .rows').getBoundingClientRect();
    const seen = all.filter((one) => {
      const box = one.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
    return { all: all.length, seen: seen.length };
  });
  const session = await last.context().newCDPSession(last);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const ms = (value) => `${Math.round(value)} ms`;
  process.stdout.write(
    `${many} executions: shown in ${ms(median(times.console))}, an empty page in ${ms(median(times.empty))}: ` +
      `${(median(times.console) / median(times.empty)).toFixed(1)} times\n` +
      `a change is seen after ${ms(median(changes))} (from the request to start it)\n` +
      `nodes ${nodes.all}, of which seen ${nodes.seen}: ${(nodes.all / nodes.seen).toFixed(2)}; heap ${(usedSize / 1e6).toFixed(1)} MB\n`,
  );
} finally {
  await browser.close();
  empty.close();
  dev.kill('SIGTERM');
  await new Promise((resolve) => dev.once('close', resolve));
  rmSync(folder, { recursive: true, force: true });
}

/** As `open` gets one: noted where only the user may. */
function tokenFor({ dataDir }) {
  const place = createHash('sha256')
    .update(JSON.stringify(['local', dataDir]))
    .digest('hex')
    .slice(0, 16);
  const file = join(folder, '.local/state/mbc-flow', `console-${place}.json`);
  mkdirSync(join(folder, '.local/state/mbc-flow'), { recursive: true });
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  const token = randomBytes(16).toString('base64url');
  const digest = createHash('sha256').update(token).digest('hex');
  writeFileSync(file, JSON.stringify({ ...kept, keys: [...kept.keys, { digest, at: Date.now() }] }));
  return token;
}
