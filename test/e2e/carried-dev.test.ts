import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { expect, onTestFinished, test } from 'vitest';
import { runCli, startCli, startDev, workDirectory } from './cli.js';

const region = 'ap-northeast-1';

/** An app whose handler only `dev` knows, by a flag; it answers with its environment, and notes each message. */
async function appOfDev() {
  const cwd = workDirectory();
  const queues = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1', defaultRegion: region });
  const { queueUrl } = queues.createQueue('import-action-queue', { region });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint: queues.address, region, credentials });
  onTestFinished(async () => {
    client.destroy();
    await queues.stop();
  });
  writeFileSync(join(cwd, 'package.json'), '{}');
  writeFileSync(
    join(cwd, 'main.mjs'),
    `import { appendFileSync } from 'node:fs';
    export const handler = async ({ Records, wait }) => {
      if (Records) return appendFileSync('told', Records.map(({ body }) => body + '\\n').join(''));
      appendFileSync('told', 'called\\n');
      await new Promise((resolve) => setTimeout(resolve, wait));
      return [process.env.APP_NAME, process.env.SQS_ENDPOINT, process.env.SECRET_OF_DEV];
    };`,
  );
  writeFileSync(
    join(cwd, 'own.asl.json'),
    JSON.stringify({
      StartAt: 'ask',
      States: {
        ask: { Type: 'Task', Resource: 'arn:aws:lambda:ap-northeast-1:101010101010:function:f', End: true },
      },
    }),
  );
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"own":"own.asl.json"}}}');
  const env = { APP_NAME: 'shop', SQS_ENDPOINT: queues.address, SECRET_OF_DEV: 'hidden' };
  const told = (): string[] =>
    existsSync(join(cwd, 'told')) ? readFileSync(join(cwd, 'told'), 'utf8').trim().split('\n') : [];
  return {
    cwd,
    told,
    answer: ['shop', queues.address, null],
    startDev: () => startDev({ cwd, env, args: ['--functions', '*=./main.mjs'] }),
    send: (MessageBody: string) => client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody })),
  };
}

test('dev was killed: a command runs the server as dev did, with the functions, the places and the port of its flags', async () => {
  const app = await appOfDev();
  const dev = await app.startDev();
  await dev.kill('SIGKILL');
  // A request that the dead one left open may be given the first, which is hidden then for a while.
  await app.send('given to nobody');
  await app.send('sent while nobody was there');
  const wait = JSON.stringify({ wait: 3_000 });
  const started = startCli(['start', 'own', '--input', wait, '--follow', '-o', 'json'], { cwd: app.cwd });
  const textual = await runCli(['start', 'own', '--input', '{"wait":0}', '--follow'], { cwd: app.cwd });
  const { stdout, exitCode, stderr } = await started.done;
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(JSON.parse(stdout).output)).toEqual(app.answer);
  expect(app.told()).toContain('sent while nobody was there');
  expect(textual.exitCode, textual.stderr).toBe(0);
  const kept = join(dev.dataDir, 'dev.json');
  expect(statSync(kept).mode & 0o077).toBe(0);
  expect(readFileSync(kept, 'utf8')).not.toContain('hidden');
});

test('dev is killed under a command: it goes on with dev’s functions on dev’s port, and says so', async () => {
  const app = await appOfDev();
  const dev = await app.startDev();
  const followed = startCli(['start', 'own', '--input', '{"wait":700}', '--follow'], { cwd: app.cwd });
  while (!app.told().includes('called')) await new Promise((resolve) => setTimeout(resolve, 20));
  await dev.kill('SIGKILL');
  await followed.waitFor(/as it was last started: dev --functions \*=\.\/main\.mjs/);
  const health = await fetch(`${dev.endpoint}/_mbc-flow/health`);
  expect(await health.json()).toMatchObject({ pid: followed.child.pid });
  const { exitCode, stderr } = await followed.done;
  expect(exitCode, stderr).toBe(0);
  // The call that was under way when dev went is made again.
  expect(app.told()).toEqual(['called', 'called']);
});

test('a command that only reads runs none of them; dev without flags forgets what it was told before', async () => {
  const app = await appOfDev();
  await (await app.startDev()).kill('SIGKILL');
  await app.send('waits');
  const read = await runCli(['machines'], { cwd: app.cwd });
  expect({ code: read.exitCode, stderr: read.stderr }).toEqual({ code: 0, stderr: '' });
  expect(app.told()).toEqual([]);
  await (await startDev({ cwd: app.cwd })).kill();
  const { stderr } = await runCli(['start', 'own', '--input', '{"wait":0}', '--follow'], { cwd: app.cwd });
  expect(stderr).not.toContain('as it was last started');
  expect(app.told()).toEqual([]);
});

test('a command that only reads took the server over: it makes room for one that runs things, and for dev, and reads on', async () => {
  const app = await appOfDev();
  const before = await app.startDev();
  await runCli(['start', 'own', '--name', 'first', '--input', '{"wait":0}', '--follow'], { cwd: app.cwd });
  await before.kill('SIGKILL');
  const reader = startCli(['list', '--watch'], { cwd: app.cwd });
  await reader.waitFor(/first/);
  const { exitCode, stderr } = await runCli(['start', 'own', '--input', '{"wait":0}', '--follow'], {
    cwd: app.cwd,
  });
  expect(exitCode, stderr).toBe(0);
  expect(app.told()).toEqual(['called', 'called']);
  const dev = await app.startDev();
  await runCli(['start', 'own', '--name', 'second', '--input', '{"wait":0}'], { cwd: app.cwd });
  await reader.waitFor(/second/);
  await dev.kill();
  reader.child.kill('SIGKILL');
});
