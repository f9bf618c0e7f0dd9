import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeOf, runCli, startDev, startInTerminal, workDirectory } from '../e2e/cli.js';
import { freePort } from '../local/harness.js';
import { send } from './requests.js';

// Who gets the link with its token: a terminal, and nobody who reads a log.

const TOKEN = /#token=([\w-]{22})/;

test('dev prints the link in a terminal, and its token opens the API; in a pipe there is the address alone', async () => {
  const cwd = workDirectory();
  const [port, uiPort] = [await freePort(), await freePort()];
  const dev = startInTerminal(['dev', '--port', String(port), '--ui-port', String(uiPort)], {
    cwd,
    columns: 60,
  });
  const [, token = ''] = await dev.waitFor(TOKEN);
  const address = `http://127.0.0.1:${uiPort}`;
  const headers = { 'X-Mbc-Flow-Token': token };
  expect((await send(address, '/api/target', { headers })).status).toBe(200);

  // What is kept of it opens nothing, and is the user's alone.
  const folder = join(homeOf(cwd), '.local/state/mbc-flow');
  const files = readdirSync(folder).filter((name) => name.startsWith('console-'));
  expect(files).toHaveLength(1);
  for (const name of files) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain(token);
  }

  // Another command of the same user gets in by a token of its own, and prints it in a terminal only.
  const arn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:sfn-task';
  const piped = await runCli(['open', arn], { cwd });
  expect(piped.stdout).toBe(`${address}/machines/${encodeURIComponent(arn)}\n`);
  const json = JSON.parse((await runCli(['open', arn, '-o', 'json'], { cwd })).stdout);
  expect(json).toEqual({ executionArn: arn, url: `${address}/machines/${encodeURIComponent(arn)}` });
  const shown = startInTerminal(['open', arn, '--print'], { cwd, columns: 400 });
  const [, own = ''] = await shown.waitFor(TOKEN);
  expect(await shown.done).toMatchObject({ exitCode: 0 });
  expect(own).not.toBe(token);
  expect((await send(address, '/api/target', { headers: { 'X-Mbc-Flow-Token': own } })).status).toBe(200);
  dev.type('\u0003');
  expect((await dev.done).exitCode).toBe(130);
});

test('dev -o json tells the address without a token; --no-ui serves none', async () => {
  const dev = await startDev();
  const line = JSON.parse(dev.cli.stdout) as { uiEndpoint: string };
  expect(line.uiEndpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(dev.cli.stdout + dev.cli.stderr).not.toMatch(/token/i);
  expect((await send(line.uiEndpoint, '/')).status).toBe(200);
  await dev.kill();
  const without = await startDev({ args: ['--no-ui'] });
  expect(JSON.parse(without.cli.stdout)).not.toHaveProperty('uiEndpoint');
  const arn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:sfn-task';
  const { exitCode, stderr } = await runCli(['open', arn], { cwd: without.cwd });
  expect([exitCode, stderr]).toEqual([6, expect.stringContaining('mbc-flow ui')]);
  await without.kill();
});

test('a port that is taken is an error that says by whom', async () => {
  const dev = await startDev();
  const { port } = new URL(dev.endpoint);
  const { exitCode, stderr } = await runCli(['ui', '--port', port], { cwd: dev.cwd });
  expect([exitCode, stderr]).toEqual([5, expect.stringMatching(`port ${port} is in use by mbc-flow`)]);
  await dev.kill();
});
