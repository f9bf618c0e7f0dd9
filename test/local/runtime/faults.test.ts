import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  GetActivityTaskCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import Database from 'libsql';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listening } from '../../listening.js';
import { ended, type Local, startServer, temporaryDirectory } from '../harness.js';

// What goes wrong with one execution is that execution's end; the server goes on, for everybody else.

const roleArn = 'arn:aws:iam::101010101010:role/any';
const fn = 'arn:aws:lambda:ap-northeast-1:101010101010:function:remote';

async function machine({ sfn }: Local, definition: object, name = 'm'): Promise<string> {
  const made = await sfn.send(
    new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }),
  );
  return made.stateMachineArn ?? '';
}
const start = async ({ sfn }: Local, stateMachineArn: string, input = '{}') =>
  (await sfn.send(new StartExecutionCommand({ stateMachineArn, input }))).executionArn ?? '';

const healthy = async (local: Local): Promise<void> => {
  const arn = await machine(local, { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }, 'healthy');
  expect(await ended(local.sfn, await start(local, arn))).toMatchObject({ status: 'SUCCEEDED' });
};

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** A Lambda endpoint that answers every call with these bytes. */
async function endpoint(status: number, body: string | Buffer): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(body));
  });
  return await listening(server);
}

/** The store's patience is ten seconds of a clock that goes by a hundred times as fast here. */
function hurriedClock(): { end(): void } {
  const now = performance.now.bind(performance);
  const began = now();
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => began + (now() - began) * 100);
  onTestFinished(() => spy.mockRestore());
  return { end: () => spy.mockRestore() };
}

/** The answer is read by the next state, where it once ended the server. */
const readsAnswer = {
  StartAt: 'T',
  States: {
    T: { Type: 'Task', Resource: fn, ResultPath: '$.r', Next: 'P' },
    P: { Type: 'Pass', Parameters: { 'r.$': '$.r' }, End: true },
  },
};

test.each([
  ['nothing', 200, '', 'SUCCEEDED', '{"r":null}'],
  ['204', 204, '', 'SUCCEEDED', '{"r":null}'],
  ['a line break', 200, '\n', 'SUCCEEDED', '{"r":null}'],
  ['a word', 200, 'OK', 'FAILED', undefined],
  ['NaN', 200, 'NaN', 'FAILED', undefined],
  ['a page', 200, '<html></html>', 'FAILED', undefined],
  ['half an object', 200, '{"a":', 'FAILED', undefined],
  ['a byte order mark', 200, '\ufeff{"a":1}', 'FAILED', undefined],
  ['JSON 5,000 levels deep', 200, deep(5_000), 'FAILED', undefined],
  ['9 MB', 200, JSON.stringify('x'.repeat(9 << 20)), 'FAILED', undefined],
])('a function endpoint that answers with %s', async (_, status, body, outcome, output) => {
  const local = await startServer({ lambdaEndpoint: await endpoint(status, body) });
  const execution = await ended(local.sfn, await start(local, await machine(local, readsAnswer)));
  expect(execution).toMatchObject({ status: outcome });
  expect(execution.output).toBe(output);
  if (outcome === 'FAILED')
    expect(execution.error).toMatch(/^(Runtime\.MarshalError|Lambda\.ServiceException)$/);
  await healthy(local);
});

test('an object whose bytes are gone is absent; a Distributed Map over it fails alone, and an upload brings it back', async () => {
  const dataDir = temporaryDirectory();
  const local = await startServer({ dataDir });
  const object = { Bucket: 'local-bucket', Key: 'a.csv' };
  const Body = `id\n${'1\n'.repeat(20_000)}`;
  await local.s3.send(new PutObjectCommand({ ...object, Body }));
  for (const file of readdirSync(join(dataDir, 'objects'))) rmSync(join(dataDir, 'objects', file));
  await expect(local.s3.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: 'NotFound' });
  await expect(local.s3.send(new GetObjectCommand(object))).rejects.toMatchObject({ name: 'NoSuchKey' });
  const arn = await machine(local, {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Parameters: object,
        },
        ItemBatcher: { MaxItemsPerBatch: 10_000 },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'P',
          States: { P: { Type: 'Pass', Result: 1, End: true } },
        },
        End: true,
      },
    },
  });
  expect(await ended(local.sfn, await start(local, arn))).toMatchObject({
    status: 'FAILED',
    error: 'States.ItemReaderFailed',
  });
  await local.s3.send(new PutObjectCommand({ ...object, Body }));
  expect(await ended(local.sfn, await start(local, arn))).toMatchObject({ status: 'SUCCEEDED' });
});

test('a counter over large data is committed in pieces, others are answered meanwhile', async () => {
  const local = await startServer();
  const counter = await machine(local, {
    StartAt: 'Add',
    States: {
      Add: {
        Type: 'Pass',
        Parameters: { 'n.$': 'States.MathAdd($.n, 1)', 'data.$': '$.data' },
        Next: 'More',
      },
      More: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericLessThan: 100, Next: 'Add' }],
        Default: 'End',
      },
      End: { Type: 'Pass', Parameters: { 'n.$': '$.n' }, End: true },
    },
  });
  const input = JSON.stringify({ n: 0, data: 'x'.repeat(100_000) });
  const long = await start(local, counter, input);
  // It was answered before it had come to its end, and so is this one.
  await healthy(local);
  expect(await ended(local.sfn, long)).toMatchObject({ status: 'SUCCEEDED', output: '{"n":100}' });
  const db = new Database(join(local.dataDir, 'state.db'), { readonly: true });
  const { longest } = db.prepare('SELECT max(length(events)) AS longest FROM steps').get() as {
    longest: number;
  };
  db.close();
  expect(longest).toBeLessThan(2 << 20);
});

test('while another program holds the database requests wait, then say so; afterwards all goes on', async () => {
  const told: string[] = [];
  const local = await startServer({ log: (line) => told.push(line), timeScale: 0.01 });
  const arn = await machine(local, {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 1, Next: 'P' }, P: { Type: 'Pass', End: true } },
  });
  const other = new Database(join(local.dataDir, 'state.db'));
  const running = await start(local, arn);
  other.exec('BEGIN IMMEDIATE');
  // The Wait has ended, and can't be written.
  await expect.poll(() => told.join('\n')).toMatch(/locked by another program; waiting/);
  const hurry = hurriedClock();
  const { sfn } = local;
  sfn.config.maxAttempts = async () => 1;
  const refused = sfn.send(new StartExecutionCommand({ stateMachineArn: arn, name: 'refused' }));
  await expect(refused).rejects.toThrow(/locked by another program/);
  hurry.end();
  other.exec('ROLLBACK');
  other.close();
  // It was written once it could be.
  expect(await ended(sfn, running)).toMatchObject({ status: 'SUCCEEDED' });
  expect(told.join('\n')).toMatch(/unlocked again/);
});

test('an execution that ended the process three times in a row is set aside at the next start', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const waiting = await machine(first, {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 1, End: true } },
  });
  const poisoned = await start(first, waiting);
  const innocent = await start(first, waiting);
  await first.stop();
  const id = (() => {
    const db = new Database(join(dataDir, 'state.db'), { readonly: true });
    const row = db.prepare('SELECT id FROM executions WHERE arn = ?').get(poisoned) as { id: number };
    db.close();
    return row.id;
  })();
  // As three ends of the process within it leave it.
  writeFileSync(join(dataDir, 'under-way'), `${id} 2`);
  const told: string[] = [];
  const second = await startServer({ dataDir, log: (line) => told.push(line) });
  expect(await ended(second.sfn, poisoned)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect((await ended(second.sfn, poisoned)).cause).toMatch(/set aside/);
  expect(told.join('\n')).toMatch(/set aside/);
  expect(await ended(second.sfn, innocent)).toMatchObject({ status: 'SUCCEEDED' });
});

test('after a clean stop the database file alone is whole, and the owner’s alone', async () => {
  const dataDir = temporaryDirectory();
  const local = await startServer({ dataDir });
  await healthy(local);
  await local.stop();
  const { statSync, copyFileSync } = await import('node:fs');
  const copy = join(temporaryDirectory(), 'copy.db');
  copyFileSync(join(dataDir, 'state.db'), copy);
  const db = new Database(copy, { readonly: true });
  expect(db.prepare("SELECT count(*) AS n FROM executions WHERE status = 'SUCCEEDED'").get()).toMatchObject({
    n: 1,
  });
  db.close();
  for (const name of ['state.db', 'lock', 'under-way'])
    expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
});

test('events never go back in time, though the clock was set back before a restart', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const arn = await machine(first, { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, End: true } } });
  const waiting = await start(first, arn);
  await first.stop();
  // As if all of it had been recorded an hour later: this machine's clock is behind that now.
  const ahead = Date.now() + 3_600_000;
  const db = new Database(join(dataDir, 'state.db'));
  db.exec(`UPDATE executions SET start_date = ${ahead}`);
  db.close();
  const second = await startServer({ dataDir });
  const { stopDate } = await ended(second.sfn, waiting);
  expect(stopDate?.getTime()).toBeGreaterThanOrEqual(ahead);
});

test('an execution whose definition can no longer be read ends alone, and the server starts', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const arn = await machine(first, {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 3600, End: true } },
  });
  const broken = await start(first, arn);
  await first.stop();
  const db = new Database(join(dataDir, 'state.db'));
  db.exec(
    'UPDATE definitions SET text = \'{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.a[?(@.b =~ /(?=x)/)]","IsPresent":true,"Next":"A"}]}}}\' WHERE id = (SELECT definition_id FROM executions)',
  );
  db.close();
  const second = await startServer({ dataDir });
  expect(await ended(second.sfn, broken)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});

test('one that parts from its record midway ends alone, behind its last step', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const Wait = { Type: 'Wait', Seconds: 1 };
  const arn = await machine(first, {
    StartAt: 'A',
    States: { A: { ...Wait, Next: 'B' }, B: { Type: 'Wait', Seconds: 3600, End: true } },
  });
  const parted = await start(first, arn);
  const db = new Database(join(dataDir, 'state.db'));
  const steps = () => (db.prepare('SELECT count(*) AS n FROM steps').get() as { n: number }).n;
  while (steps() < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  await first.stop();
  db.exec('UPDATE steps SET last_event = last_event + 7 WHERE seq = 0');
  db.close();
  const second = await startServer({ dataDir });
  const { status, cause } = await ended(second.sfn, parted);
  expect([status, cause]).toEqual(['FAILED', expect.stringContaining('another version')]);
  await healthy(second);
});

test('JSON thousands of levels deep is refused where it comes in', async () => {
  const local = await startServer();
  const { sfn, s3, endpoint: url } = local;
  const json = deep(5_000);
  const echo = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
  const arn = await machine(local, echo);
  await expect(start(local, arn, json)).rejects.toMatchObject({
    name: 'InvalidExecutionInput',
    message: expect.stringContaining('levels deep'),
  });
  // The deepest that is taken goes through.
  const deepest = deep(1_000);
  expect(await ended(sfn, await start(local, arn, deepest))).toMatchObject({ output: deepest });
  const definition = JSON.stringify(echo).replace('"Type"', `"Result":${json},"Type"`);
  await expect(
    sfn.send(new CreateStateMachineCommand({ name: 'deep', roleArn, definition })),
  ).rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining('levels deep') });
  const { activityArn = '' } = await sfn.send(new CreateActivityCommand({ name: 'worker' }));
  const works = { StartAt: 'T', States: { T: { Type: 'Task', Resource: activityArn, End: true } } };
  await start(local, await machine(local, works, 'works'));
  const { taskToken } = await sfn.send(new GetActivityTaskCommand({ activityArn }));
  await expect(sfn.send(new SendTaskSuccessCommand({ taskToken, output: json }))).rejects.toMatchObject({
    name: 'InvalidOutput',
    message: expect.stringContaining('levels deep'),
  });
  const request = async (operation: string, body: string): Promise<[number, string]> => {
    const headers = {
      'X-Amz-Target': `AWSStepFunctions.${operation}`,
      'Content-Type': 'application/x-amz-json-1.0',
    };
    const response = await fetch(url, { method: 'POST', headers, body });
    return [response.status, await response.text()];
  };
  const tried = { definition: '{"Type":"Pass","End":true}', roleArn };
  for (const given of [{ input: json }, { variables: json }, { context: json }, { definition: json }])
    expect(await request('TestState', JSON.stringify({ ...tried, ...given }))).toEqual([
      400,
      expect.any(String),
    ]);
  expect(await request('ListStateMachines', `{"a":${json}}`)).toEqual([
    400,
    expect.stringContaining('SerializationException'),
  ]);
  const invoked = await fetch(`${url}/2015-03-31/functions/f/invocations`, { method: 'POST', body: json });
  expect([invoked.status, await invoked.text()]).toEqual([400, expect.stringContaining('levels deep')]);

  const object = { Bucket: 'local-bucket', Key: 'items' };
  for (const [InputType, Body] of [
    ['JSON', `[1,${json}]`],
    ['JSONL', `1\n${json}\n`],
  ] as const) {
    await s3.send(new PutObjectCommand({ ...object, Body }));
    const reader = {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType },
      Parameters: object,
    };
    const ItemProcessor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...echo };
    const map = { Type: 'Map', ItemReader: reader, ItemProcessor, End: true };
    const items = await machine(local, { StartAt: 'M', States: { M: map } }, `items-${InputType}`);
    expect(await ended(sfn, await start(local, items))).toMatchObject({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
    });
  }
  await healthy(local);
});
