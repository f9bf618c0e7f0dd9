import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import { iamAction } from '../../src/aws/iam-actions.js';
import type {
  AnswerPlanDocument,
  ImportRunRow,
  ItemNamesDocument,
  UploadDocument,
} from '../../src/console/api.js';
import { routes } from '../../src/console/routes/index.js';
import { permissionsOf } from '../../src/operations/doctor/command-permissions.js';
import { startCli, startDev, workDirectory } from '../e2e/cli.js';
import { startFaultProxy } from '../fault-proxy.js';
import { asking } from './asking.js';
import { tokenFor } from './link.js';
import { opened, send } from './requests.js';

const machine = (name: string): string => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const roleArn = 'arn:aws:iam::101010101010:role/r';
const ask = { StartAt: 'Ask', States: { Ask: asking({ End: true }) } };
const spread = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Bad',
        States: { Bad: { Type: 'Fail', Error: 'Item.Bad' } },
      },
      End: true,
    },
  },
};

test('the permissions of ui name every call that its routes and topics make', async () => {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'ask.mjs'), 'export const handler = async () => ({});');
  const dev = await startDev({ cwd, args: ['--no-ui', '--functions', 'ask=./ask.mjs'] });
  onTestFinished(async () => void (await dev.kill()));
  const proxy = await startFaultProxy(dev.endpoint, () => undefined);
  const target = {
    endpointUrl: proxy.endpoint,
    region: 'ap-northeast-1',
    account: '101010101010',
    bucket: 'local-bucket',
  };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets: { role: target } }));
  const cli = startCli(['ui', '--port', '0', '-o', 'json', '--target', 'role'], {
    cwd,
    env: { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
  });
  onTestFinished(() => void cli.child.kill('SIGTERM'));
  const [line] = await cli.waitFor(/^\{.*"ready":true.*\}$/m);
  const { uiEndpoint } = JSON.parse(line) as { uiEndpoint: string };
  const place = JSON.stringify(['role', cwd, null, null, null]);
  const headers = { 'X-Mbc-Flow-Token': await tokenFor({ cwd, dataDir: '' }, { place }) };
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const sfn = new SFNClient({ endpoint: dev.endpoint, region: 'ap-northeast-1', credentials });
  for (const [name, definition] of Object.entries({ ask, spread }))
    await sfn.send(new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn }));
  const start = async (of: string, input = '{}'): Promise<string> =>
    (await sfn.send(new StartExecutionCommand({ stateMachineArn: machine(of), input }))).executionArn ?? '';

  const asked = new Set<string>();
  const call = async <T = unknown>(
    route: string,
    values: Record<string, string> = {},
    body?: object | string,
    query = '',
  ): Promise<T> => {
    asked.add(route);
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    const type = { 'Content-Type': typeof body === 'string' ? 'text/csv' : 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await send(uiEndpoint, path + query, {
      method,
      headers: { ...headers, ...(body !== undefined && type) },
      body: body === undefined ? undefined : text,
    });
    expect([answer.status, route, answer.status === 200 ? '' : answer.body]).toEqual([200, route, '']);
    return (answer.headers['content-type'] ?? '').includes('json')
      ? JSON.parse(answer.body)
      : (undefined as T);
  };

  const [waits, other, bad] = [
    await start('ask'),
    await start('ask'),
    await start('spread', '{"items":[1]}'),
  ];
  const topics = [
    'executions',
    'paused',
    'jobs',
    'machines',
    ...['execution', 'steps', 'events', 'logs'].map((kind) => `${kind}:${bad}`),
  ];
  const stream = await opened(
    uiEndpoint,
    `/api/events?${new URLSearchParams(topics.map((topic): [string, string] => ['topic', topic]))}`,
    { headers },
  );
  let told = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  onTestFinished(() => void stream.destroy());
  await expect.poll(() => told, { timeout: 20_000 }).toMatch(/"stateName":"Ask"[\s\S]*"waitsOn"/);
  await expect.poll(() => told, { timeout: 20_000 }).toContain('States.ExceedToleratedFailureThreshold');
  const [mapRunArn = ''] = /arn:aws:states:[^"]*:mapRun:[^"]*/.exec(told) ?? [];
  const runs = await opened(
    uiEndpoint,
    `/api/events?${new URLSearchParams([
      ['topic', `map-run:${mapRunArn}`],
      ['topic', `map-items:${mapRunArn}`],
    ])}`,
    { headers },
  );
  let listed = '';
  runs.setEncoding('utf8').on('data', (text: string) => {
    listed += text;
  });
  onTestFinished(() => void runs.destroy());
  await expect.poll(() => listed).toMatch(/"status":"FAILED","from"/);
  const [child = ''] = /arn:aws:states:[^"]*:execution:[^"]*\/[^"]*/.exec(listed) ?? [];

  const confirm = true;
  await call('GET /api/target');
  await call('GET /api/machines/:arn', { arn: machine('ask') });
  await call('GET /api/machines/:arn/stats', { arn: machine('ask') });
  await call('POST /api/machines/:arn/check', { arn: machine('ask') }, { input: '{}' });
  await call('POST /api/machines/:arn/start', { arn: machine('ask') }, { input: '{}', confirm });
  for (const part of ['data', 'definition', 'redrive', 'rerun'])
    await call(`GET /api/executions/:arn/${part}`, { arn: bad });
  await call('GET /api/executions/:arn/events', { arn: bad }, undefined, '?ids=1,2');
  await call(
    'GET /api/executions/:arn/diff',
    { arn: waits },
    undefined,
    `?with=${encodeURIComponent(other)}`,
  );
  await call('POST /api/executions/:arn/rerun', { arn: bad }, { confirm });
  // One that is gone has no name, and the others keep theirs.
  const gone = `${child}-gone`;
  const { names } = await call<ItemNamesDocument>(
    'POST /api/map-runs/names',
    {},
    { executions: [gone, child] },
  );
  expect(names).toMatchObject({ [gone]: null, [child]: expect.any(String) });
  const steps = [{ executionArn: waits, stateName: 'Ask' }];
  await call('POST /api/paused/step', {}, { executionArn: waits, stateName: 'Ask' });
  const decision = { verb: 'approve' };
  const plan = await call<AnswerPlanDocument>('POST /api/paused/plan', {}, { steps, decision });
  expect(plan.ready).toHaveLength(1);
  await call('POST /api/paused/answer', {}, { steps, decision, confirm });
  await call('POST /api/executions/stop', {}, { executions: [other], confirm });
  await call('POST /api/executions/redrive', {}, { executions: [other], confirm });
  const { upload } = await call<UploadDocument>(
    'POST /api/uploads',
    {},
    'id,name\n1,a\n,b\n',
    '?name=goods.csv',
  );
  await call('POST /api/imports/check', {}, { upload });
  const order = { upload, table: 'goods' };
  await call('POST /api/imports/plan', {}, order);
  const { id } = await call<ImportRunRow>('POST /api/imports/start', {}, { ...order, confirm });
  await expect
    .poll(async () => (await send(uiEndpoint, `/api/imports/runs/${id}/failed`, { headers })).status, {
      timeout: 30_000,
    })
    .toBe(200);
  await call('GET /api/imports/runs/:id/failed', { id });
  await call('GET /api/imports/runs/:id/failed.csv', { id });

  expect([...asked].sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  const calls = new Set(
    proxy.seen.filter(({ url }) => !url.startsWith('/_mbc-flow')).map(({ api }) => iamAction(api)),
  );
  const { needs = [], uses = [] } = permissionsOf('ui') ?? {};
  const named = new Set([...needs, ...uses, 'sts:GetCallerIdentity']);
  expect([...calls].filter((action) => !named.has(action))).toEqual([]);
  expect(calls).toContain('states:SendTaskSuccess');
  expect(calls).toContain('s3:PutObject');
});
