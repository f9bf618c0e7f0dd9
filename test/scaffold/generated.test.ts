import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { startLocalServer } from '../../src/local/index.js';
import { run } from '../cli/world.js';
import { type Application, application, unitTests } from './application.js';
import { patchFactories } from './factories.js';

// In one file, as all of it is compiled against the framework's declarations: they are parsed once a process.

describe('scaffold', () => {
  let workflows: Application;
  let shop: Application;
  beforeAll(() => {
    workflows = application();
    shop = application({}, { installed: false });
  });

  it('workflow compiles, also under strict, and passes the lint; a second run changes nothing', async () => {
    for (const scaffolding of [
      { name: 'order-approval', approval: true },
      { name: 'closing', states: ['collect', '集計する', 'close'], map: true },
      { name: 'price-import', csvImport: true, zipImport: true },
      // Of classes that their files import.
      { name: 'config', states: ['then', 'toString'] },
      { name: 'step-function', approval: true },
      {
        name: 'nightly',
        queryLanguage: 'JSONata',
        approval: true,
        map: true,
        csvImport: true,
        zipImport: true,
      } as const,
    ]) {
      await workflows.scaffold(scaffolding);
      expect((await workflows.scaffold(scaffolding)).plan.changes).toEqual([]);
    }
    expect(workflows.compile()).toEqual([]);
    expect(workflows.compile({ strict: true })).toEqual([]);
    expect(await workflows.lint()).toBe('');
  });

  it('app compiles under strict, and passes its lint; a second run changes nothing', async () => {
    // As `npm install` comes after it, no prettier of its own helps.
    await shop.scaffold({ kind: 'app', name: 'shop' });
    shop.install();
    expect((await shop.scaffold({ kind: 'app', name: 'shop' })).plan.changes).toEqual([]);
    expect(shop.compile({ strict: true })).toEqual([]);
    expect(await shop.lint()).toBe('');
  });

  it('both pass the tests that come with them', () => {
    unitTests(workflows, shop);
  });

  it('the tests of their state machines pass, too, and take every state, transition, retrier and catcher', async () => {
    for (const { folder } of [workflows, shop]) {
      const tested = await run(['test', '--coverage-min', '100', '-o', 'json'], { cwd: folder });
      const { passed, failed } = JSON.parse(tested.stdout);
      expect({ failed, code: tested.code, some: passed > 3 }).toEqual({ failed: 0, code: 0, some: true });
    }
  });

  it('a project depends on this package once', async () => {
    const before = JSON.parse(shop.read('package.json'));
    expect(before.devDependencies['mbc-flow']).toMatch(/^file:\.\./);
    await shop.scaffold({ name: 'second' });
    expect(JSON.parse(shop.read('package.json'))).toEqual(before);
  });

  it('app runs tasks and the rows of a CSV file on the local server', async () => {
    await shop.scaffold({ name: 'rows', csvImport: true });
    shop.build();
    const server = await startLocalServer({
      dataDir: join(shop.folder, '.mbc-flow'),
      functionsBase: shop.folder,
      machines: { rows: join(shop.folder, 'infra/state-machines/rows.asl.json') },
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
        const described = () => states.send(new DescribeExecutionCommand({ executionArn }));
        await expect.poll(async () => (await described()).status).not.toBe('RUNNING');
        const { status, output, cause } = await described();
        return { status, cause, output: output === undefined ? undefined : JSON.parse(output) };
      };
      expect(await outcome('sfn-task', [{ input: { n: 1 } }, {}])).toEqual({
        status: 'SUCCEEDED',
        output: [{ done: { n: 1 } }, { done: null }],
      });
      // The children of a Distributed Map have a name of their own, and the same route.
      const put = await fetch(`${server.endpoint}/local-bucket/rows.csv`, {
        method: 'PUT',
        body: 'id,name\n1,a\n,\n',
      });
      expect(put.status).toBe(200);
      const rows = await outcome('rows', { requestId: 'r-1', bucket: 'local-bucket', key: 'rows.csv' });
      expect(rows).toMatchObject({ status: 'SUCCEEDED', output: { requestId: 'r-1' } });
      expect(await outcome('sfn-task', [{ input: { fail: '在庫なし' } }])).toMatchObject({
        status: 'FAILED',
      });
    } finally {
      await server.stop();
    }
  });
});

it('factories of any style are patched so that they compile and route as meant, or refused', async () => {
  const { faults, refused, patched } = await patchFactories(1, 60);
  expect(faults.slice(0, 3)).toEqual([]);
  expect(refused.filter((why) => why.length < 10)).toEqual([]);
  expect(patched).toBeGreaterThan(35);
});
