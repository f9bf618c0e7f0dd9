import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { type Fault, type Seen, startFaultProxy } from '../../fault-proxy.js';
import { pausedWorld, waiting } from '../answer/paused-machines.js';
import { errorOf } from '../world.js';

const definition = {
  StartAt: 'Ask',
  States: { Ask: waiting({ Next: 'End' }), End: { Type: 'Succeed' as const } },
};
const secret = 'payload-that-stays-out';

/** A target whose changes are recorded, behind a proxy. */
async function recorded(audit: string, faultOf: (seen: Seen) => Fault = () => undefined) {
  const world = await pausedWorld();
  const proxy = await startFaultProxy(world.endpoint, faultOf);
  const target = { endpointUrl: proxy.endpoint, region: 'ap-northeast-1', bucket: 'local-bucket', audit };
  writeFileSync(
    join(world.cwd, 'mbc-flow.json'),
    JSON.stringify({ defaultTarget: 'prod', targets: { prod: target } }),
  );
  const s3 = new S3Client({
    endpoint: world.endpoint,
    region: 'ap-northeast-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'trail' }));
  const machine = await world.machine('ask', definition);
  return {
    ...world,
    proxy,
    begin: (requestId: string) => world.begin(machine, { requestId, secret }),
    async objects() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'trail' }));
      return await Promise.all(
        Contents.map(async ({ Key = '' }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'trail', Key }));
          return { key: Key, text: (await Body?.transformToString()) ?? '' };
        }),
      );
    },
    lines: () => readFileSync(join(world.cwd, audit), 'utf8').trimEnd().split('\n'),
  };
}

const me = 'arn:aws:iam::101010101010:user/local';
const place = { target: 'prod', account: '101010101010', region: 'ap-northeast-1', caller: me };

/** Approve, fail, heartbeat, stop, redrive, start, and one answer that came too late. */
async function changeAll({ begin, run }: Awaited<ReturnType<typeof recorded>>) {
  const [one, two, three] = [await begin('r-1'), await begin('r-2'), await begin('r-3')];
  const codes = [];
  for (const line of [
    ['approve', 'r-1', '--comment', secret],
    ['heartbeat', 'r-2'],
    ['fail', 'r-2', '--error', 'No', '--cause', secret],
    ['approve', 'r-1'],
    ['stop', three, '--cause', secret],
    ['redrive', two],
    ['start', 'ask', '--input', JSON.stringify({ secret }), '--name', 'by-hand'],
  ])
    codes.push((await run(...line)).code);
  expect(codes).toEqual([0, 0, 0, 5, 0, 0, 0]);
  const by = (verb: string, action: string, executionArn: string, more: object) => ({
    ...place,
    verb,
    action: `states:${action}`,
    executionArn,
    ...more,
    id: expect.any(String),
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  const step = (requestId: string, outcome: string) => ({ requestId, stateName: 'Ask', outcome });
  const stateMachineArn = expect.stringMatching(/:stateMachine:ask$/);
  return [
    by('approve', 'SendTaskSuccess', one, step('r-1', 'proven')),
    by('heartbeat', 'SendTaskHeartbeat', two, step('r-2', 'sent')),
    by('fail', 'SendTaskFailure', two, step('r-2', 'proven')),
    by('stop', 'StopExecution', three, { outcome: 'done' }),
    by('redrive', 'RedriveExecution', two, { outcome: 'done' }),
    by('start', 'StartExecution', expect.stringMatching(/:by-hand$/), { stateMachineArn, outcome: 'done' }),
  ];
}

test('in a bucket: an object for each change, in the order of its keys, without payload; read back by audit', async () => {
  const world = await recorded('s3://trail/acme/flow/');
  const expected = await changeAll(world);
  const objects = await world.objects();
  expect(objects.map(({ text }) => JSON.parse(text))).toEqual(expected);
  expect(objects.map(({ key }) => key)).toEqual(objects.map(({ key }) => key).sort());
  for (const { key, text } of objects) {
    expect(key).toMatch(/^acme\/flow\/(\d{4}\/\d\d\/\d\d)\/\d{8}T\d{6}\.\d{3}Z-\d{5}-[\da-f-]{36}\.json$/);
    expect(text).not.toMatch(new RegExp(`${secret}|approved|token`, 'i'));
  }

  const read = await world.run('audit', '-o', 'json');
  expect(JSON.parse(read.stdout).answers).toEqual(expected.reverse());
  expect((await world.run('audit', '--limit', '2', '-o', 'ndjson')).stdout.trim().split('\n')).toHaveLength(
    2,
  );
  expect(
    JSON.parse((await world.run('audit', '--request-id', 'r-2', '-o', 'json')).stdout).answers,
  ).toHaveLength(2);
  expect(JSON.parse((await world.run('audit', '--since', '1h', '-o', 'json')).stdout).answers).toHaveLength(
    6,
  );
  expect((await world.run('audit')).stdout).toMatch(/stop .*done/);
  // Those of this machine are answers only.
  expect((await world.run('audit', '--here')).stdout).not.toContain('stop');
});

test('in a file, relative to the config: a line for each change', async () => {
  const world = await recorded('./log/audit.jsonl');
  const expected = await changeAll(world);
  expect(world.lines().map((line) => JSON.parse(line))).toEqual(expected);
  expect(world.lines().join()).not.toContain(secret);
  expect(JSON.parse((await world.run('audit', '-o', 'json')).stdout).answers).toEqual(expected.reverse());
});

test('where it can’t be written, nothing is changed: exit 4, and the place', async () => {
  const world = await recorded('s3://trail/flow', ({ operation }) =>
    operation === 'PutObject' ? { status: 403, code: 'AccessDenied' } : undefined,
  );
  const executionArn = await world.begin('r-1');
  for (const line of [
    ['approve', 'r-1'],
    ['stop', executionArn],
    ['start', 'ask'],
  ]) {
    const ran = await world.run(...line, '-o', 'json');
    expect(errorOf(ran)).toMatchObject({ exitCode: 4, code: 'AuditNotWritable', where: 's3://trail/flow' });
  }
  const changing = /^(SendTask|StopExecution|StartExecution)/;
  expect(world.proxy.seen.filter(({ operation }) => changing.test(operation))).toEqual([]);
  expect(await world.objects()).toEqual([]);
  // Looking is not changing, and neither is a dry run.
  expect((await world.run('list')).code).toBe(0);
  expect((await world.run('stop', executionArn, '-n')).code).toBe(0);
});

test('a bucket that is not there, a file that is a folder: the same', async () => {
  const none = await recorded('s3://no-such-bucket');
  expect(errorOf(await none.run('stop', await none.begin('r-1'), '-o', 'json'))).toMatchObject({
    exitCode: 3,
    code: 'AuditNotWritable',
  });
  const folder = await recorded('.');
  expect(errorOf(await folder.run('stop', await folder.begin('r-1'), '-o', 'json'))).toMatchObject({
    exitCode: 2,
    code: 'AuditNotWritable',
    message: 'the audit file cannot be written: the path is a directory',
  });
});

test.each([
  ['text', /AuditNotWritten|could not be written/],
  ['json', /"code":"AuditNotWritten".*"exitCode":4/],
])(
  'where only the record fails, the outcome is told all the same, and the entry kept (%s)',
  async (form, told) => {
    const world = await recorded('s3://trail/flow', ({ operation, number }) =>
      // The first one is the question whether it could be written.
      operation === 'PutObject' && number > 1 ? { status: 403, code: 'AccessDenied' } : undefined,
    );
    const executionArn = await world.begin('r-1');
    const ran = await world.run('approve', 'r-1', '-o', form);
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain('r-1');
    expect(ran.stderr).toMatch(told);
    const kept = /kept in (.*?audit-unwritten\.jsonl)/.exec(ran.stderr)?.[1] ?? '';
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      verb: 'approve',
      executionArn,
      outcome: 'proven',
    });
    if (form === 'json') expect(JSON.parse(ran.stdout)).toMatchObject({ proven: true });
  },
);
