import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { pausedWorld, waiting } from '../answer/paused-machines.js';
import { commands, directory, run } from '../world.js';

// A dry run changes nothing: neither a file, nor what commands remember, nor anything on the server.

/** One dry run of each command that changes something; `{…}` is filled in below. */
const lines: Record<string, string[]> = {
  import: ['a.csv'],
  'task start': ['items.json', '--type', 'sample'],
  start: ['waits', '--input', '{"n":1}'],
  stop: ['--machine', 'waits'],
  redrive: ['{failed}'],
  rerun: ['{failed}'],
  approve: ['r-1'],
  reject: ['r-1', '--reason', 'no'],
  resume: ['r-1'],
  fail: ['r-1', '--error', 'E'],
  heartbeat: ['r-1'],
  'trigger stream': ['sample-command', 'item.json', '--function', 'command', '--filter', 'none'],
  'trigger queue': ['notification-queue', '{"a":1}', '--function', 'notify'],
  scaffold: ['machine', 'sample-thing'],
  init: [],
  lint: ['fixable.asl.json', '--fix'],
  dev: ['--port', '0'],
  ui: [],
  demo: [],
  test: ['fixable.flow.json', '--update'],
};

/** Every file below a folder, by its content; the server's own files are not among them. */
function files(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Nor what completion remembers of every look at a target.
    if (!entry.isFile() || /\.mbc-flow\/|\/\.cache\/mbc-flow\/names\//.test(path)) continue;
    found[path] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return found;
}

function project(cwd: string): void {
  mkdirSync(join(cwd, 'src'), { recursive: true });
  const put = (name: string, value: unknown): void =>
    writeFileSync(join(cwd, name), typeof value === 'string' ? value : JSON.stringify(value));
  put('package.json', { name: 'app', dependencies: { '@mbc-cqrs-serverless/core': '0.1.48' } });
  put('a.csv', 'id,name\n1,a\n');
  put('items.json', [{ a: 1 }]);
  put('item.json', { pk: 'SAMPLE#t1', sk: 'a@1', version: 1 });
  put('fixable.flow.json', {
    machine: './passes.asl.json',
    cases: [{ name: 'other', input: {}, expect: { output: { not: 'this' } } }],
  });
  put('passes.asl.json', { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  put('fixable.asl.json', {
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'f' },
        End: true,
      },
    },
  });
}

test('every command that changes something has a dry run here', () => {
  const changing = commands.filter(({ changes }) => changes).map(({ name }) => name);
  expect(Object.keys(lines).sort()).toEqual(changing.sort());
});

test('on a running server: nothing is changed, by any of them', { timeout: 60_000 }, async () => {
  const cwd = directory();
  project(cwd);
  const world = await pausedWorld({ cwd });
  const waits = await world.machine('waits', {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 3600, End: true } },
  });
  const fails = await world.machine('fails', { StartAt: 'F', States: { F: { Type: 'Fail' } } });
  const paused = await world.machine('paused', {
    StartAt: 'P',
    States: { P: { ...waiting({ HeartbeatSeconds: 3600 }), End: true } },
  });
  await world.begin(waits, { n: 0 });
  const failed = await world.begin(fails, {}, 'failed-1');
  await world.begin(paused, { requestId: 'r-1' });
  await world.run('show', failed);
  const s3 = new S3Client({
    endpoint: world.endpoint,
    region: 'ap-northeast-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const stores = async () => {
    const { executions } = JSON.parse((await world.run('list', '-o', 'json')).stdout);
    const { pending } = JSON.parse((await world.run('pending', '-o', 'json')).stdout);
    const { machines } = JSON.parse((await world.run('machines', '-o', 'json')).stdout);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'local-bucket' }));
    const still = pending.map(({ ageSeconds: _, ...one }: { ageSeconds: number }) => one);
    return {
      executions,
      pending: still,
      machines,
      objects: Contents.map(({ Key }) => Key),
      files: files(cwd),
    };
  };
  // The heartbeat counts from when the function has answered.
  await expect
    .poll(async () => (await stores()).pending)
    .toMatchObject([{ heartbeatAt: expect.any(String) }]);
  const before = await stores();
  for (const [name, args] of Object.entries(lines)) {
    if (name === 'dev') continue;
    const filled = args.map((arg) => arg.replace('{failed}', failed));
    const ran = await world.run(...name.split(' '), ...filled, '--dry-run', '-o', 'json');
    expect({ name, code: ran.code, stderr: ran.stderr }).toMatchObject({
      name,
      code: expect.toBeOneOf([0, 1]),
    });
    expect({ name, ...(await stores()) }).toEqual({ name, ...before });
  }
});

test('without a server: no data directory is made, and nothing else', { timeout: 60_000 }, async () => {
  const cwd = directory();
  project(cwd);
  const before = readdirSync(cwd, { recursive: true });
  for (const name of ['import', 'task start', 'start', 'demo', 'dev', 'init', 'lint', 'trigger queue']) {
    await run([...name.split(' '), ...(lines[name] ?? []), '--dry-run'], { cwd });
    expect({ name, files: readdirSync(cwd, { recursive: true }) }).toEqual({ name, files: before });
  }
});

test('an input is shown as far as a line goes, and is whole under -o json', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'a.asl.json'), '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}');
  const input = JSON.stringify({ text: '長い'.repeat(2000) });
  await run(['start', 'a.asl.json', '--input', input], { cwd });
  for (const line of [
    ['start', 'a', '--input', input, '-n'],
    ['rerun', '@last', '-n'],
  ]) {
    const { stdout } = await run(line, { cwd, columns: 80 });
    const [shown = ''] = stdout.split('\n').filter((one) => one.startsWith('  input  '));
    expect(stringWidth(shown)).toBeLessThanOrEqual(80);
    expect(shown).toContain('長い');
    expect(JSON.parse((await run([...line, '-o', 'json'], { cwd })).stdout).input).toBe(input);
  }
});
