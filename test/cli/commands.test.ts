import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { directory, errorOf, run, start, type WorldOptions } from './world.js';

/** `mbc-flow dev` in a directory of its own; stopped when the test ends. */
async function dev(args: string[] = [], options: WorldOptions = {}) {
  const cwd = options.cwd ?? directory();
  const running = start(['dev', '--port', '0', '-o', 'json', ...args], { ...options, cwd });
  onTestFinished(async () => {
    running.signal('SIGINT');
    await running.done;
  });
  const ready = JSON.parse((await running.waitFor(/"ready":true.*\n/)).split('\n')[0] ?? '') as {
    endpoint: string;
    dataDir: string;
    pid: number;
  };
  return { cwd, running, ...ready };
}

describe('dev', () => {
  test('one line when ready; serves others; SIGINT stops it cleanly, exit 130, SIGTERM 143', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const server = await dev();
      expect(server).toMatchObject({ dataDir: join(server.cwd, '.mbc-flow'), pid: process.pid });
      const health = await fetch(`${server.endpoint}/_mbc-flow/health`);
      expect(await health.json()).toMatchObject({ status: 'ok', dataDir: server.dataDir });
      expect(existsSync(join(server.dataDir, 'server.json'))).toBe(true);
      const list = await run(['list', '-v'], { cwd: server.cwd });
      expect(list).toMatchObject({ code: 0, stdout: '' });
      server.running.signal(signal);
      expect(await server.running.done).toMatchObject({ code, stderr: '' });
      await expect(fetch(server.endpoint)).rejects.toThrow();
      expect(existsSync(join(server.dataDir, 'server.json'))).toBe(false);
    }
  });

  test('as text it says that it is for development, and where', async () => {
    const running = start(['dev', '--port', '0']);
    const text = await running.waitFor(/Ctrl-C stops it/);
    expect(text).toMatch(/for development only.*http:\/\/127\.0\.0\.1:\d+/);
    running.signal('SIGINT');
    expect((await running.done).stderr).toContain('Stopped');
  });

  test('a data directory that is held: exit 5, names the holder', async () => {
    const { cwd, endpoint, pid } = await dev();
    const ran = await run(['dev', '--port', '0'], { cwd });
    expect(ran.code).toBe(5);
    expect(ran.stderr).toContain(String(pid));
    expect(ran.stderr).toContain(endpoint);
  });

  test('a busy port: exit 5, names who holds it', async () => {
    const { endpoint, dataDir } = await dev();
    const ran = await run(['dev', '--port', new URL(endpoint).port]);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toContain(`process ${process.pid}, data in ${dataDir}`);

    const stranger = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = stranger.address() as AddressInfo;
    const s3 = await run(['dev', '--port', '0', '--s3-port', String(port), '-o', 'json']);
    expect(errorOf(s3)).toMatchObject({ code: 'PortInUse', exitCode: 5 });
    if (process.platform === 'linux') expect(errorOf(s3).message).toContain(`process ${process.pid} (`);
  });

  test('--reset empties the data directory, of what is ours', async () => {
    const cwd = directory();
    await run(['start', 'sfn-task', '--input', '[]'], { cwd });
    writeFileSync(join(cwd, '.mbc-flow/notes.txt'), 'mine');
    expect((await run(['list', '-o', 'ndjson'], { cwd })).stdout).not.toBe('');
    await dev(['--reset'], { cwd });
    expect((await run(['list', '-o', 'ndjson'], { cwd })).stdout).toBe('');
    expect((await run(['show', '@last'], { cwd })).code).toBe(3);
    expect(existsSync(join(cwd, '.mbc-flow/notes.txt'))).toBe(true);
  });

  test('follows its config: new machines, functions, and faults that change nothing', async () => {
    const cwd = directory();
    const server = start(['dev', '--port', '0'], { cwd });
    onTestFinished(async () => {
      server.signal('SIGTERM');
      await server.done;
    });
    await server.waitFor(/Ctrl-C stops it/);
    const configure = (local: object): void =>
      writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local }));
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
    const State = { ...task, Parameters: { FunctionName: 'main', Payload: {} }, OutputPath: '$.Payload' };
    writeFileSync(join(cwd, 'greet.json'), JSON.stringify({ StartAt: 'State', States: { State } }));
    for (const who of ['one', 'two'])
      writeFileSync(join(cwd, `${who}.mjs`), `export const handler = async () => '${who}'`);
    const greeted = async () => {
      const { stdout, stderr } = await run(['start', 'greet', '--follow', '-o', 'json'], { cwd });
      return (JSON.parse(stdout || stderr) as { output?: string }).output;
    };
    configure({ functions: { main: './one.handler' }, machines: { greet: './greet.json' } });
    await server.waitFor(/state machine greet/);
    expect(await greeted()).toBe('"one"');
    writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machine":{}}}');
    await server.waitFor(
      /mbc-flow\.json at \$\.local\.machine: machine is not a known property.*stays in use/,
    );
    configure({ functions: { main: './two.handler' }, machines: { greet: './greet.json' } });
    await expect.poll(greeted, { timeout: 10_000 }).toBe('"two"');
  });

  test('functions by flag start from the working directory, by config from its folder', async () => {
    const root = directory();
    const cwd = join(root, 'src');
    mkdirSync(cwd);
    const reply = (by: string) => `export const handler = async () => [[{ by: '${by}' }]];`;
    writeFileSync(join(root, 'fn.mjs'), reply('config'));
    writeFileSync(join(cwd, 'fn.mjs'), reply('flag'));
    const config = {
      local: { functions: { '*': './fn.mjs', other: './fn.mjs' }, machines: { greet: 'greet.json' } },
    };
    writeFileSync(join(root, 'mbc-flow.json'), JSON.stringify(config));
    const task = (FunctionName: string, next: object) => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName, Payload: {} },
      ...next,
    });
    const States = {
      first: task('main', {
        ResultSelector: { 'by.$': '$.Payload[0][0].by' },
        ResultPath: '$.first',
        Next: 'second',
      }),
      second: task('other', {
        ResultSelector: { 'by.$': '$.Payload[0][0].by' },
        ResultPath: '$.second',
        End: true,
      }),
    };
    writeFileSync(join(root, 'greet.json'), JSON.stringify({ StartAt: 'first', States }));
    await dev(['--functions', '*=./fn.mjs'], { cwd });
    const { code, stdout, stderr } = await run(['start', 'greet', '--follow', '-o', 'json'], { cwd });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(JSON.parse(stdout).output)).toEqual({
      first: { by: 'flag' },
      second: { by: 'config' },
    });
  });
});

describe('machines', () => {
  test('text and JSON; the command carries the server itself', async () => {
    const cwd = directory();
    const text = await run(['machines'], { cwd });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /^NAME +TYPE +ARN\ncommand +STANDARD +arn:aws:states:ap-northeast-1:101010101010/,
    );
    const { stdout } = await run(['machines', '-o', 'json'], { cwd });
    expect(JSON.parse(stdout).stateMachines).toEqual(
      ['command', 'import-csv', 'import-zip', 'sfn-task'].map((name) => ({
        stateMachineArn: `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`,
        name,
        type: 'STANDARD',
        creationDate: expect.stringMatching(/^\d{4}-.*Z$/),
      })),
    );
    const lines = (await run(['machines', '-o', 'ndjson'], { cwd })).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).name)).toEqual([
      'command',
      'import-csv',
      'import-zip',
      'sfn-task',
    ]);
    expect(existsSync(join(cwd, '.mbc-flow/server.json'))).toBe(false);
  });
});

describe('start', () => {
  test('prints the ARN; @last means it; without a server it rests, and says so', async () => {
    const cwd = directory();
    const started = await run(['start', 'task', '--input', '[{"a":"商品"}]', '--name', 'first'], { cwd });
    const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:execution:sfn-task:first';
    expect(started).toMatchObject({ code: 0, stdout: `${executionArn}\n` });
    expect(started.stderr).toContain('local (account 101010101010, ap-northeast-1, data in');
    expect(started.stderr).toMatch(/saved on disk.*mbc-flow watch @last.*mbc-flow dev/);
    for (const reference of ['@last', 'first', executionArn]) {
      const { stdout } = await run(['show', reference, '-o', 'json'], { cwd });
      expect(JSON.parse(stdout)).toMatchObject({ executionArn, input: '[{"a":"商品"}]' });
    }
    expect((await run(['watch', '@last'], { cwd })).code).toBe(0);
  });

  test('the same name: with the same input 0, or 5 with another', async () => {
    const { cwd } = await dev();
    const begin = (input: string) =>
      run(['start', 'sfn-task', '--name', 'n', '--input', input, '-o', 'json'], { cwd });
    const first = await begin('[{"sleepMs":5000}]');
    expect(JSON.parse(first.stdout)).toEqual({
      executionArn: expect.stringContaining(':sfn-task:n'),
      startDate: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await begin('[{"sleepMs":5000}]')).toMatchObject({ code: 0, stdout: first.stdout });
    expect(errorOf(await begin('[]'))).toMatchObject({ code: 'ExecutionAlreadyExists', exitCode: 5 });
  });

  test('--follow: the outcome decides the exit code', async () => {
    const cwd = directory();
    const fail = { StartAt: 'no', States: { no: { Type: 'Fail', Error: 'Nope', Cause: 'だめ' } } };
    writeFileSync(join(cwd, 'fail.json'), JSON.stringify(fail));
    writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"failing":"./fail.json"}}}');
    expect(await run(['start', 'sfn-task', '--input', '[{}]', '--follow'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('SUCCEEDED'),
    });
    const { code, stdout } = await run(['start', 'failing', '--follow', '-o', 'json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'FAILED', failure: { error: 'Nope', cause: 'だめ' } });
  });

  test('input from stdin and from a file; bad JSON with its place; nothing there', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'in.json'), '[{"n":1}]');
    writeFileSync(join(cwd, 'bad.json'), '[\n  {"n":1},\n]');
    const begin = (input: string, stdin?: string) =>
      run(['start', 'sfn-task', '--input', input, '-o', 'json'], {
        cwd,
        ...(stdin !== undefined && { stdin }),
      });
    const inputOf = async () =>
      JSON.parse((await run(['show', '@last', '-o', 'json'], { cwd })).stdout).input;
    await begin('@in.json');
    expect(await inputOf()).toBe('[{"n":1}]');
    await begin('-', '[{"n":"標準"}]');
    expect(await inputOf()).toBe('[{"n":"標準"}]');
    expect(errorOf(await begin('@bad.json'))).toMatchObject({ exitCode: 2, where: 'bad.json:3:1' });
    expect(errorOf(await begin('-', ''))).toMatchObject({ exitCode: 2, where: 'stdin:1:1' });
    expect(errorOf(await begin('@none.json'))).toMatchObject({ exitCode: 3, code: 'FileNotFound' });
    expect(errorOf(await begin(`"${'あ'.repeat(100_000)}"`))).toMatchObject({
      exitCode: 2,
      code: 'InputTooLarge',
    });
    expect(errorOf(await run(['start', 'nope', '-o', 'json'], { cwd }))).toMatchObject({ exitCode: 3 });
  });

  test('--dry-run changes nothing', async () => {
    const cwd = directory();
    const ran = await run(['start', 'sfn-task', '-n', '-o', 'json'], { cwd });
    expect(JSON.parse(ran.stdout)).toMatchObject({ dryRun: true, input: '{}' });
    expect((await run(['list', '-o', 'ndjson'], { cwd })).stdout).toBe('');
  });
});

describe('list', () => {
  test('newest first over all machines; filters, limit, JSON shape', async () => {
    const { cwd } = await dev();
    for (const [machine, name, input] of [
      ['sfn-task', 'one', '[{}]'],
      ['command', 'two', '{}'],
      ['sfn-task', 'three', '[{"sleepMs":20000}]'],
    ] as const) {
      await run(['start', machine, '--name', name, '--input', input], { cwd });
      if (name !== 'three') await run(['watch', name], { cwd });
    }
    const names = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(['list', '-o', 'json', ...args], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return (JSON.parse(stdout).executions as { name: string }[]).map(({ name }) => name);
    };
    expect(await names()).toEqual(['three', 'two', 'one']);
    expect(await names('sfn-task')).toEqual(['three', 'one']);
    expect(await names('task', '--status', 'RUNNING')).toEqual(['three']);
    expect(await names('--limit', '2')).toEqual(['three', 'two']);
    expect(await names('--since', '1h')).toHaveLength(3);
    expect(await names('--since', '2999-01-01')).toEqual([]);
    const { stdout } = await run(['list', '-o', 'ndjson', '--limit', '1'], { cwd });
    expect(JSON.parse(stdout)).toEqual({
      executionArn: 'arn:aws:states:ap-northeast-1:101010101010:execution:sfn-task:three',
      stateMachineName: 'sfn-task',
      name: 'three',
      status: 'RUNNING',
      startDate: expect.stringMatching(/Z$/),
      stopDate: null,
    });
    const text = await run(['list', '--limit', '2'], { cwd });
    expect(text.stdout).toMatch(/^STATUS +STARTED(?: \([^)]+\))? +TOOK +MACHINE +NAME\nRUNNING /);
    expect(text.stderr).toContain('--limit 10');
    expect(errorOf(await run(['list', 'nope', '-o', 'json'], { cwd }))).toMatchObject({
      code: 'StateMachineNotFound',
      exitCode: 3,
      hint: 'mbc-flow machines',
    });
  });
});

describe('targets over a real server', () => {
  test('the account is checked before anything else: exit 4', async () => {
    const { endpoint } = await dev();
    const cwd = directory();
    const targets = {
      right: { endpointUrl: endpoint, region: 'ap-northeast-1', account: '101010101010' },
      wrong: { endpointUrl: endpoint, region: 'ap-northeast-1', account: '123456789012', protected: true },
    };
    writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets }));
    expect(await run(['machines', '--target', 'right'], { cwd })).toMatchObject({ code: 0 });
    const ran = await run(['start', 'sfn-task', '--target', 'wrong', '--yes', '-o', 'json'], { cwd });
    expect(errorOf(ran)).toMatchObject({ code: 'WrongAccount', exitCode: 4 });
    expect((await run(['list', '--target', 'right', '-o', 'ndjson'], { cwd })).stdout).toBe('');
  });

  test('a protected target needs --yes without a terminal: exit 2, nothing changed', async () => {
    const { endpoint } = await dev();
    const cwd = directory();
    const targets = { prod: { endpointUrl: endpoint, region: 'ap-northeast-1', protected: true } };
    writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets }));
    const begin = (...args: string[]) =>
      run(['start', 'sfn-task', '--target', 'prod', '-o', 'json', ...args], { cwd });
    expect(errorOf(await begin())).toMatchObject({ code: 'ConfirmationNeeded', exitCode: 2 });
    expect((await run(['list', '--target', 'prod', '-o', 'ndjson'], { cwd })).stdout).toBe('');
    expect((await begin('--yes')).code).toBe(0);
    const { stdout } = await run(['show', '@last', '--target', 'prod', '-o', 'json'], { cwd });
    expect(JSON.parse(stdout).executionArn).toContain(':sfn-task:');
    expect((await run(['show', '@last'], { cwd })).code).toBe(3);
  });

  test('a person types the name of a protected target', async () => {
    const { endpoint } = await dev();
    const cwd = directory();
    const targets = { prod: { endpointUrl: endpoint, region: 'ap-northeast-1', protected: true } };
    writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets }));
    const answer = (stdin: string) =>
      run(['start', 'sfn-task', '--input', '[]', '--target', 'prod', '--no-color'], {
        cwd,
        tty: true,
        stdin,
      });
    const declined = await answer('y\n');
    expect(declined.code).toBe(130);
    expect(declined.stderr).toContain('prod (account 101010101010, ap-northeast-1): start sfn-task');
    expect(declined.stderr).toMatch(/Nothing was changed\n$/);
    expect((await answer('prod\n')).code).toBe(0);
    expect((await answer('')).code).toBe(130);
  });

  test('an app’s own .env is the target local, where a server answers on its ports', async () => {
    const { endpoint } = await dev();
    const cwd = directory();
    const port = new URL(endpoint).port;
    writeFileSync(
      join(cwd, '.env'),
      `PORT_OF_IT=${port}\nSFN_ENDPOINT=http://localhost:\${PORT_OF_IT}\nS3_ENDPOINT=http://localhost:\${PORT_OF_IT}\n`,
    );
    const ran = await run(['start', 'sfn-task', '--input', '[]'], { cwd });
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('local (account 101010101010, ap-northeast-1, data in ');
    expect(ran.stderr).toMatch(/mbc-flow watch @last$/m);
    expect(existsSync(join(cwd, '.mbc-flow'))).toBe(false);
  });

  test('nobody answers: exit 6', async () => {
    const ran = await run(['machines', '--endpoint-url', 'http://127.0.0.1:1', '-o', 'json']);
    expect(errorOf(ran)).toMatchObject({ code: 'Unreachable', exitCode: 6 });
  });
});
