import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startStream } from '../local/event-sources/streams-server.js';
import { runCli, startDev, workDirectory } from './cli.js';

const rows = 60;

test('dev, killed again and again: every row is delivered in its order, none is lost', async () => {
  const stream = await startStream('local-demo-sample-command');
  const cwd = workDirectory();
  writeFileSync(
    join(cwd, 'main.mjs'),
    `import { appendFileSync } from 'node:fs';
    export const handler = async ({ Records: [{ dynamodb }] }) => appendFileSync('told', dynamodb.NewImage.sk.S + '\\n');`,
  );
  writeFileSync(join(cwd, 'package.json'), '{}');
  writeFileSync(
    join(cwd, '.env'),
    `NODE_ENV=local\nAPP_NAME=demo\nDYNAMODB_ENDPOINT=${stream.endpoint}\nSQS_ENDPOINT=http://127.0.0.1:1\n`,
  );
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"functions":{"app":"./main.handler"}}}');
  const told = (): number[] =>
    existsSync(join(cwd, 'told'))
      ? readFileSync(join(cwd, 'told'), 'utf8').trim().split('\n').map(Number)
      : [];
  for (let index = 0; index < rows; index++) {
    stream.put({ pk: { S: 'P' }, sk: { S: String(index) } });
    if (index % 20 === 19) stream.split();
  }
  for (const until of [15, 40, rows]) {
    const dev = await startDev({ cwd });
    expect(JSON.parse(dev.cli.stdout)).toMatchObject({
      eventSources: [
        { stream: 'local-demo-*', endpoint: stream.endpoint },
        { queue: 'task-action-queue', endpoint: 'http://127.0.0.1:1' },
        ...Array.from({ length: 4 }, () => ({ endpoint: 'http://127.0.0.1:1' })),
      ],
    });
    await expect.poll(() => told().at(-1)).toBeGreaterThanOrEqual(until - 1);
    if (until === rows) {
      // What is mapped here is what trigger takes.
      const dry = await runCli(
        ['trigger', 'stream', 'local-demo-sample-command', '{"pk":"P","sk":"x"}', '-n', '-o', 'json'],
        { cwd },
      );
      expect(JSON.parse(dry.stdout)).toMatchObject({
        functionName: 'app',
        event: { Records: [{ eventSourceARN: stream.arn }] },
      });
    }
    await dev.kill('SIGKILL');
  }
  const got = told();
  // A kill may fall between a success and its checkpoint: that one comes again, and no other.
  expect([...new Set(got)]).toEqual(Array.from({ length: rows }, (_, index) => index));
  expect(got.length).toBeLessThanOrEqual(rows + 3);
});
