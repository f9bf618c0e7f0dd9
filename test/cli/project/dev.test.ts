import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../local/harness.js';
import { directory, errorOf, run, start } from '../world.js';

const frameworkQueues = [
  'task-action-queue',
  'sub-task-status-queue',
  'notification-queue',
  'import-action-queue',
  'import-status-queue',
];

test('in an app: on the ports of its .env, its queues delivered and no other, its functions in its environment', async () => {
  const cwd = directory();
  const queues = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const region = 'ap-northeast-1';
  const urls = [...frameworkQueues, 'alarm-queue'].map(
    (name) => queues.createQueue(name, { region }).queueUrl,
  );
  const SQS_ENDPOINT = `http://127.0.0.1:${queues.port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint: SQS_ENDPOINT, region, credentials });
  const [port, s3Port] = await Promise.all([freePort(), freePort()]);
  writeFileSync(join(cwd, 'package.json'), '{}');
  writeFileSync(
    join(cwd, '.env'),
    `APP_NAME=shop\nLOCAL_SFN_PORT=${port}\nSFN_ENDPOINT=http://localhost:\${LOCAL_SFN_PORT:-8083}\nLOCAL_S3_PORT=${s3Port}\nSQS_ENDPOINT=${SQS_ENDPOINT}\n`,
  );
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"functions":{"*":"./main.handler"}}}');
  writeFileSync(
    join(cwd, 'main.mjs'),
    `import { appendFileSync } from 'node:fs';
    export const handler = async ({ Records }) =>
      appendFileSync('told', Records.map(({ body }) => process.env.APP_NAME + ' ' + body + '\\n').join(''));`,
  );
  const warnings: string[] = [];
  const warned = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', warned);
  const dev = start(['dev', '-o', 'json'], { cwd });
  onTestFinished(async () => {
    dev.signal('SIGTERM');
    await dev.done;
    process.off('warning', warned);
    client.destroy();
    await queues.stop();
  });
  const ready = JSON.parse((await dev.waitFor(/"ready":true/)).split('\n')[0] ?? '');
  expect(ready).toMatchObject({
    endpoint: `http://127.0.0.1:${port}`,
    s3Endpoint: `http://127.0.0.1:${s3Port}`,
    eventSources: frameworkQueues.map((queue) => ({ queue, endpoint: SQS_ENDPOINT })),
  });
  // A second one would fail, so its dry run does.
  const dry = async (...flags: string[]) => await run(['dev', '-n', '-o', 'json', ...flags], { cwd });
  expect(errorOf(await dry())).toMatchObject({ exitCode: 5, code: 'DataDirectoryHeld' });
  expect(errorOf(await dry('--data-dir', 'other'))).toMatchObject({ exitCode: 5, code: 'PortInUse' });
  expect((await dry('--data-dir', 'other', '--port', '0')).code).toBe(0);
  expect(errorOf(await dry('--data-dir', 'package.json/data', '--port', '0'))).toMatchObject({
    exitCode: 2,
    message: 'the local server cannot run: the path is not a directory',
  });
  const other = await run(['list', '--data-dir', 'package.json', '-o', 'json'], { cwd });
  expect(errorOf(other)).toMatchObject({
    exitCode: 2,
    message: 'the local server cannot run: the path is not a directory',
  });
  expect(existsSync(join(cwd, 'other'))).toBe(false);
  for (const QueueUrl of urls)
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: QueueUrl.split('/').at(-1) }));
  const told = (): string[] =>
    existsSync(join(cwd, 'told')) ? readFileSync(join(cwd, 'told'), 'utf8').trim().split('\n').sort() : [];
  await expect.poll(told).toEqual(frameworkQueues.map((name) => `shop ${name}`).sort());
  expect(queues.inspectQueue('alarm-queue')?.messages.ready).toHaveLength(1);
  expect(warnings).not.toContain('MaxListenersExceededWarning');
  const { stderr } = await run(['start', 'sfn-task', '--input', '[]'], { cwd });
  expect(stderr).toContain(`data in ${join(cwd, '.mbc-flow')}`);
});
