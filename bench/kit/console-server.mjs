// What the benches of the page in the browser share: `dev`, a browser, and an empty page to compare with.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Gives `work` a server and a browser, and ends both. Without a browser it says so, and does nothing. */
export async function withConsole(work) {
  if (!existsSync(executablePath)) {
    process.stdout.write('SKIPPED chromium\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
  const binary = join(import.meta.dirname, '../../bin/mbc-flow.js');
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
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
  /** A new page, and the milliseconds until `done` says that it is there. */
  const timed = async (url, done) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const began = performance.now();
    await page.goto(url);
    await done(page);
    return { page, took: performance.now() - began };
  };
  try {
    await work({
      sfn,
      timed,
      link: (path) => `${ready.uiEndpoint}${path}#token=${tokenFor(folder, ready)}`,
      emptyPage: () =>
        timed(`http://127.0.0.1:${empty.address().port}/`, (page) => page.getByText('empty').waitFor()),
    });
  } finally {
    await browser.close();
    empty.close();
    dev.kill('SIGTERM');
    await new Promise((resolve) => dev.once('close', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
export const ms = (value) => `${Math.round(value)} ms`;

/** Of a page when its garbage is gone: nodes of the document, and bytes. */
export async function memoryOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return { megabytes: usedSize / 1e6, nodes, listeners: jsEventListeners };
}

/** Elements of a list that there are, and that are seen. */
export const elementsOf = (page, selector) =>
  page.evaluate((list) => {
    const all = [...document.querySelectorAll(`${list} *`)];
    const { top, bottom } = document.querySelector(list).getBoundingClientRect();
    const seen = all.filter((one) => {
      const box = one.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
    return { all: all.length, seen: seen.length };
  }, selector);

/** As `open` gets one: noted where only the user may. */
function tokenFor(folder, { dataDir }) {
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
