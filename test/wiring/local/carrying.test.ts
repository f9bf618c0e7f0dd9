import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalServer } from '../../../src/local/index.js';
import { directory, run, start } from '../../cli/world.js';

const registration = (cwd: string) =>
  JSON.parse(readFileSync(join(cwd, '.mbc-flow/server.json'), 'utf8')) as { endpoint: string };

test('commands that run at once share one server; when its carrier goes, another carries on', async () => {
  const cwd = directory();
  const carrier = await startLocalServer({ dataDir: join(cwd, '.mbc-flow'), port: 0 });
  onTestFinished(() => carrier.stop());
  await run(['start', 'sfn-task', '--name', 'long', '--input', '[{"sleepMs":1500}]'], { cwd });
  const watching = start(['watch', 'long'], { cwd });
  const another = start(['watch', 'long', '-o', 'ndjson'], { cwd });
  await Promise.all([watching.waitFor(/RUNNING/), another.waitFor(/RUNNING/)]);
  expect(registration(cwd).endpoint).toBe(carrier.endpoint);
  await carrier.stop();
  const [first, second] = await Promise.all([watching.done, another.done]);
  expect(first.code, first.stderr).toBe(0);
  expect(second.code, second.stderr).toBe(0);
  expect(first.stdout).toContain('SUCCEEDED');
});

test('a command that only reads carries a server that runs nothing', async () => {
  const cwd = directory();
  await run(['start', 'sfn-task', '--name', 'rests', '--input', '[{"sleepMs":300}]'], { cwd });
  const status = async () => JSON.parse((await run(['show', 'rests', '-o', 'json'], { cwd })).stdout).status;
  expect(await status()).toBe('RUNNING');
  expect(await status()).toBe('RUNNING');
  expect((await run(['watch', 'rests'], { cwd })).code).toBe(0);
});

test('leaving a watch: exit 130; what is left rests on disk when nobody carries it', async () => {
  const cwd = directory();
  await run(['start', 'sfn-task', '--name', 'long', '--input', '[{"sleepMs":20000}]'], { cwd });
  const watching = start(['watch', '@last'], { cwd });
  await watching.waitFor(/entered/);
  watching.signal('SIGINT');
  const { code, stderr } = await watching.done;
  expect(code).toBe(130);
  expect(stderr).toMatch(/saved on disk/);
  expect(stderr).toContain('mbc-flow dev');
});

test('the server that the process’s environment names is asked, not the one of .env or of this folder', async () => {
  const [named, other] = await Promise.all(
    [directory(), directory()].map((dataDir) => startLocalServer({ dataDir, port: 0 })),
  );
  onTestFinished(async () => void (await Promise.all([named?.stop(), other?.stop()])));
  const cwd = directory();
  const reach = `SFN_ENDPOINT=${other?.endpoint}\nS3_ENDPOINT=${other?.endpoint}\n`;
  const env = { SFN_ENDPOINT: named?.endpoint ?? '' };
  const known = async (words: string[], given: { cwd: string; env?: Record<string, string> }) =>
    (await run(['list', ...words, '-o', 'json'], given)).stdout.includes('"here"');
  for (const files of [
    {},
    { '.env': reach },
    { '.env': reach, 'mbc-flow.json': '{"defaultTarget":"local"}' },
  ]) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    if (!(await known([], { cwd, env }))) {
      const started = await run(['start', 'sfn-task', '--name', 'here', '--input', '[]'], { cwd, env });
      expect(started.code, started.stderr).toBe(0);
    }
    expect(await known(['--endpoint-url', env.SFN_ENDPOINT], { cwd })).toBe(true);
    expect(await known(['--endpoint-url', other?.endpoint ?? ''], { cwd })).toBe(false);
    expect(await known([], { cwd })).toBe(false);
  }
});

test('an app’s environment on this machine is local: our server at SFN_ENDPOINT is it, whatever its data', async () => {
  const [dataDir, cwd] = [directory(), directory()];
  const ours = await startLocalServer({ dataDir, port: 0 });
  onTestFinished(() => ours.stop());
  writeFileSync(join(cwd, '.env'), `SFN_ENDPOINT=${ours.endpoint}\nS3_BUCKET_NAME=local-bucket\n`);
  for (const words of [[], ['--target', 'env'], ['--local']]) {
    const args = ['start', 'sfn-task', '--name', `n${words.length}${words[0] ?? ''}`, '--input', '[]'];
    const { code, stderr } = await run([...args, ...words], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`data in ${dataDir}`);
    expect(stderr).not.toContain('SFN_ENDPOINT');
  }
  expect(existsSync(join(cwd, '.mbc-flow'))).toBe(false);
});

test('what else answers at SFN_ENDPOINT is used, and named once; where nobody does, the command carries a server', async () => {
  const cwd = directory();
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(String(request.headers['x-amz-target'] ?? request.url));
    const listed = {
      stateMachines: [{ name: 'theirs', stateMachineArn: 'arn:x', type: 'STANDARD', creationDate: 1 }],
    };
    if (request.headers['x-amz-target']) response.end(JSON.stringify(listed));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  writeFileSync(join(cwd, '.env'), `SFN_ENDPOINT=${endpoint}\n`);
  const theirs = await run(['machines', '-o', 'json'], { cwd });
  expect(theirs.stdout).toContain('theirs');
  const told = await run(['machines'], { cwd });
  expect(told.stderr.split(endpoint)).toHaveLength(2);
  expect(existsSync(join(cwd, '.mbc-flow'))).toBe(false);
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  const { code, stdout, stderr } = await run(['machines'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('sfn-task');
});
