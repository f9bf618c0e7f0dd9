import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it, vi } from 'vitest';
import { startLocalServer } from '../../src/local/index.js';
import { application } from './application.js';

it('scaffold app compiles, passes its lint and tests, and runs tasks and imports on the local server', async () => {
  const app = application({});
  await app.scaffold({ kind: 'app', name: 'shop' });
  expect((await app.scaffold({ kind: 'app', name: 'shop' })).plan.changes).toEqual([]);
  expect(app.compile({ strict: true })).toEqual([]);
  app.lint();
  app.unitTest();
  app.build();
  const server = await startLocalServer({
    dataDir: join(app.folder, '.mbc-flow'),
    functionsBase: app.folder,
    // The rest is in the application's .env; vitest has a NODE_ENV of its own.
    functions: { '*': { module: './dist/main.handler', env: { NODE_ENV: 'dev' } } },
  });
  try {
    const states = new SFNClient({
      endpoint: server.endpoint,
      region: 'ap-northeast-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const outcome = async (name: string, input: unknown): Promise<unknown> => {
      const { executionArn } = await states.send(
        new StartExecutionCommand({
          stateMachineArn: `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`,
          input: JSON.stringify(input),
        }),
      );
      return await vi.waitFor(
        async () => {
          const { status, output, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
          expect(status).not.toBe('RUNNING');
          return { status, cause, output: output === undefined ? undefined : JSON.parse(output) };
        },
        { timeout: 60_000, interval: 200 },
      );
    };
    expect(await outcome('sfn-task', [{ input: { n: 1 } }, {}])).toEqual({
      status: 'SUCCEEDED',
      output: [{ done: { n: 1 } }, { done: null }],
    });
    expect(await outcome('sfn-task', [{ input: { fail: '在庫なし' } }])).toMatchObject({ status: 'FAILED' });
  } finally {
    await server.stop();
  }
}, 180_000);
