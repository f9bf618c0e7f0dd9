import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { errorOf, run, start, startDirectory } from '../world.js';

const cwd = startDirectory();
const mbc = (...args: string[]) => run(args, { cwd });
const json = async (...args: string[]) => JSON.parse((await mbc(...args, '-o', 'json')).stdout);

/** Tries twice again, and goes on; a map run of three children. */
const machines = {
  retries: {
    StartAt: 'call',
    States: {
      call: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'nowhere' },
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'done' }],
        Next: 'done',
      },
      done: { Type: 'Choice', Choices: [{ Variable: '$.ok', IsPresent: true, Next: 'ok' }], Default: 'no' },
      ok: { Type: 'Succeed' },
      no: { Type: 'Fail', Error: 'Refused', Cause: 'not ok' },
    },
  },
  rows: {
    StartAt: 'each',
    States: {
      each: {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'row',
          States: { row: { Type: 'Pass', Next: 'kept' }, kept: { Type: 'Pass', End: true } },
        },
        End: true,
      },
    },
  },
};

beforeAll(async () => {
  for (const [name, definition] of Object.entries(machines))
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(definition));
  const names = Object.keys(machines).map((name) => [name, `./${name}.json`]);
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ local: { machines: Object.fromEntries(names) } }),
  );
  const server = start(['dev', '--port', '0', '--time-scale', '0', '-o', 'json'], { cwd });
  await server.waitFor(/"ready":true.*\n/);
  await mbc('start', 'retries', '--name', 'one', '--input', '{}', '--follow');
  await mbc('start', 'rows', '--name', 'three', '--input', '{"items":[1,2,3]}', '--follow');
  return async () => {
    server.signal('SIGINT');
    await server.done;
  };
});

test('stats: how executions of all machines went', async () => {
  const { machines, withoutMetrics } = await json('stats');
  expect(withoutMetrics).toContain('GetMetricData');
  const of = (wanted: string) => machines.find(({ name }: { name: string }) => name === wanted);
  expect(of('retries')).toMatchObject({
    source: 'executions',
    executions: { started: 1, failed: 1, succeeded: 0, running: 0, throttled: null },
    successRate: 0,
    retries: 2,
    cost: { transitions: 5, children: 0, usd: 0.000125 },
  });
  expect(of('rows')).toMatchObject({ successRate: 1, cost: { transitions: 7, children: 3 } });
  expect(of('command')).toMatchObject({ successRate: null, durationSeconds: null, sampled: 0, series: [] });
  for (const columns of [60, 80, 120]) {
    const { stdout } = await run(['stats', '--no-color'], { cwd, columns, tty: true });
    expect(stdout).toMatch(/^retries +.* 0% /m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  }
});

test('stats of a machine: its states', async () => {
  const [{ states, series }] = (await json('stats', 'retries')).machines;
  expect(states).toMatchObject([
    { stateName: 'call', runs: 1, failed: 3, retries: 2 },
    { stateName: 'done', runs: 1, failed: 0, retries: 0 },
    { stateName: 'no', runs: 1 },
  ]);
  expect(series.at(-1)).toMatchObject({ started: 1, failed: 1 });
  const { stdout } = await mbc('stats', 'retries', '--since', '2h');
  expect(stdout).toContain('a run      about 5 state transitions  0.000125 USD in ap-northeast-1');
  expect(stdout).toMatch(/^failed +1 +█$/m);
  const none = await json('stats', 'retries', '--sample', '0');
  expect(none.machines[0]).toMatchObject({ sampled: 0, retries: null, cost: null, states: [] });
});

test('machines: all about one', async () => {
  const one = await json('machines', 'rows');
  expect(one).toMatchObject({
    name: 'rows',
    type: 'STANDARD',
    status: 'ACTIVE',
    logging: { level: 'ALL' },
    tracingEnabled: false,
    versions: [],
    aliases: [],
    tags: {},
    outline: {
      startAt: 'each',
      states: 3,
      types: { Pass: 2, Map: 1 },
      distributedMaps: ['each'],
      pauses: [],
    },
    executions: [{ name: 'three', status: 'SUCCEEDED' }],
  });
  expect(JSON.parse(one.definition)).toEqual(machines.rows);
  const { stdout } = await mbc('machines', 'retries');
  expect(stdout).toContain('  states      4: 1 Task, 1 Choice, 1 Succeed, 1 Fail');
  expect(stdout).toContain('  mbc-flow graph retries');
  expect((await mbc('machines', 'nothing')).code).toBe(3);
});

test('list --watch: in a pipe what is new or has changed', async () => {
  const first = start(['list', 'retries', '--watch', '-o', 'ndjson'], { cwd, speed: 100 });
  await first.waitFor(/"name":"one"/);
  await mbc('start', 'retries', '--name', 'two', '--input', '{"ok":1}', '--follow');
  await first.waitFor(/"name":"two","status":"FAILED"/);
  first.signal('SIGINT');
  const { code, stdout } = await first.done;
  expect(code).toBe(130);
  expect(stdout.match(/"name":"one"/g)).toHaveLength(1);
});

test('start: a file is registered first, on the local server', async () => {
  const path = join(cwd, 'new.asl.json');
  const write = (...Seconds: number[]) =>
    writeFileSync(
      path,
      JSON.stringify({ StartAt: 'a', States: { a: { Type: 'Wait', Seconds: Seconds[0], End: true } } }),
    );
  write(1);
  expect((await mbc('start', './new.asl.json', '-n')).stdout).toContain('Would register new');
  // A dry run is refused what the start would be.
  const needy = { StartAt: 'a', States: { a: { Type: 'Pass', Parameters: { 'n.$': '$.n' }, End: true } } };
  writeFileSync(join(cwd, 'needy.asl.json'), JSON.stringify(needy));
  const dry = async (...words: string[]) => await mbc('start', ...words, '-n', '-o', 'json');
  expect(errorOf(await dry('./needy.asl.json', '--input', '{}'))).toMatchObject({ code: 'InputDoesNotFit' });
  const would = await dry('./needy.asl.json', '--input', '{"n":1}');
  expect(JSON.parse(would.stdout)).toMatchObject({
    dryRun: true,
    stateMachineArn: expect.stringMatching(/:needy$/),
  });
  const lost = { StartAt: 'a', States: { a: { Type: 'Pass', Next: 'b' } } };
  writeFileSync(join(cwd, 'lost.asl.json'), JSON.stringify(lost));
  expect(errorOf(await dry('./lost.asl.json'))).toMatchObject({
    code: 'InvalidDefinition',
    where: './lost.asl.json',
  });
  for (const name of ['two words', 'esc\u001b', 'x'.repeat(81), 'a/b'])
    expect(errorOf(await dry('retries', '--name', name))).toMatchObject({ exitCode: 2, code: 'InvalidName' });
  expect((await mbc('machines', 'new')).code).toBe(3);
  const ran = await mbc('start', './new.asl.json', '--follow');
  expect(ran.stderr).toContain('Registered new from ./new.asl.json (new)');
  expect(ran.code).toBe(0);
  writeFileSync(path, JSON.stringify(needy));
  // Tried on the file, not on what is registered.
  expect(errorOf(await dry('./new.asl.json', '--input', '{}'))).toMatchObject({ code: 'InputDoesNotFit' });
  write(2);
  expect((await mbc('start', './new.asl.json')).stderr).toContain('(changed)');
  expect((await mbc('start', './new.asl.json')).stderr).not.toContain('Registered');
  expect((await mbc('start', './missing.asl.json')).code).toBe(3);
  writeFileSync(path, JSON.stringify({ StartAt: 'a', States: { a: { Type: 'Pass', Next: 'b' } } }));
  expect(errorOf(await mbc('start', './new.asl.json', '-o', 'json'))).toMatchObject({
    code: 'InvalidDefinition',
    where: './new.asl.json',
    hint: 'mbc-flow lint ./new.asl.json',
  });
  const far = ['--endpoint-url', 'http://192.0.2.1', '--region', 'us-east-1'];
  expect(errorOf(await mbc('start', './new.asl.json', ...far, '-o', 'json'))).toMatchObject({ exitCode: 2 });
});

test('start: placeholders of a file are functions, as they are in the files of mbc-flow.json', async () => {
  const pay = {
    Type: 'Task',
    Resource: `\${PayFunction}`,
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'no' }],
  };
  const definition = { StartAt: 'pay', States: { pay: { ...pay, End: true }, no: { Type: 'Succeed' } } };
  writeFileSync(join(cwd, 'placed.asl.json'), JSON.stringify(definition));
  const { code, stderr } = await mbc('start', './placed.asl.json', '--follow');
  expect(code, stderr).toBe(0);
  const { definition: registered } = await json('machines', 'placed');
  expect(JSON.stringify(registered)).toContain(':function:PayFunction');
  expect((await mbc('start', './placed.asl.json')).stderr).not.toContain('Registered');
});

test('diff: two definitions, and what is still in use', async () => {
  const changed = structuredClone(machines.retries);
  changed.States.call.Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 5, IntervalSeconds: 1 }];
  writeFileSync(join(cwd, 'changed.json'), JSON.stringify(changed));
  const diff = await json('diff', 'retries', './changed.json');
  expect(diff).toMatchObject({
    kind: 'definitions',
    same: false,
    machine: [],
    states: [
      {
        stateName: 'call',
        change: 'changed',
        fields: [{ path: '$.Retry[0].MaxAttempts', before: 2, after: 5 }],
      },
    ],
    inUse: { running: 0, redrivable: 2, standing: [] },
  });
  const shown = await mbc('diff', 'retries', './changed.json', '--exit-code');
  expect(shown).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('0 running and 2 failed ones (redrive)'),
  });
  const same = await mbc('diff', './retries.json', 'local:retries', '--exit-code');
  expect(same).toMatchObject({ code: 0, stdout: './retries.json → local:retries  no difference\n' });
  expect((await mbc('diff', 'retries', 'retries@last', '--exit-code')).code).toBe(0);
  expect((await mbc('diff', 'retries', 'nothing')).code).toBe(3);
});

test('diff: two executions, where their ways part', async () => {
  await mbc('start', 'rows', '--name', 'two-rows', '--input', '{"items":[1,2]}', '--follow');
  const diff = await json('diff', 'three', 'two-rows');
  expect(diff).toMatchObject({
    kind: 'executions',
    same: false,
    before: { name: 'three', status: 'SUCCEEDED', input: '{"items":[1,2,3]}' },
    firstDifference: { stateName: 'each', what: 'input', path: '$.items[2]', before: 3, after: null },
    definition: null,
  });
  const { stdout, code } = await mbc('diff', 'three', 'two-rows', '--exit-code');
  expect(code).toBe(1);
  expect(stdout).toContain('  each: its input at $.items[2]\n  - 3\n  + (nothing)');
  expect((await mbc('diff', 'three', 'three', '--exit-code')).stdout).toContain('Both went the same way');
});

test('many rows that failed for few reasons are grouped, and no retry is advised that can not help', async () => {
  const row = (id: number): string =>
    `${id},${id % 10 === 0 ? '!fail no such item' : `!fail price ${id} is invalid`}`;
  const rows = Array.from({ length: 40 }, (_, index) => row(index + 1));
  writeFileSync(join(cwd, 'bad.csv'), ['id,name', ...rows].join('\n'));
  const { code, stdout } = await mbc('import', 'bad.csv');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {2}36 +2, 3, 4, … +data +price 1 is invalid$/m);
  expect(stdout).toMatch(/^ {2}4 +11, 21, 31, … +data +no such item$/m);
  expect(stdout).not.toContain('--retry');
});

test('show groups why children of a map run failed', async () => {
  const failing = structuredClone(machines.rows);
  Object.assign(failing.States.each.ItemProcessor.States, {
    row: { Type: 'Fail', ErrorPath: '$.error', Cause: 'no' },
    kept: undefined,
  });
  writeFileSync(join(cwd, 'failing.asl.json'), JSON.stringify(failing));
  const items = [...'abc'].map(() => ({ error: 'Bad.Row' }));
  await mbc(
    'start',
    './failing.asl.json',
    '--input',
    JSON.stringify({ items: [...items, { error: 'Throttling' }] }),
    '--follow',
  );
  const { mapRuns } = await json('show', '@last');
  const { failureGroups } = mapRuns[0];
  const of = (kind: string) => failureGroups.find((group: { kind: string }) => group.kind === kind);
  expect(of('transient')).toMatchObject({ reason: 'Throttling: no', count: 1 });
  expect((await mbc('show', '@last')).stdout).toMatch(/COUNT +FIRST +KIND +REASON/);
});

test('a graph that is too wide is a list', async () => {
  const narrow = await run(['graph', 'retries', '--no-color'], { cwd, columns: 12, tty: true });
  expect(narrow.stdout).toContain('● call  lambda:invoke Task\n    → done  catch\n  done  Choice');
  expect(narrow.stderr).toContain('columns wide: here as a list');
});
