import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DevServer, runCli, startCli, startDev, startInTerminal, workDirectory } from './cli.js';
import { runHere } from './here.js';

let server: DevServer;
let states: SFNClient;
const machines: Record<string, string> = {};

const definitions = {
  quick: {
    StartAt: '準備する',
    States: {
      準備する: { Type: 'Pass', Next: '少し待つ' },
      少し待つ: { Type: 'Wait', Seconds: 1, Next: '完了' },
      完了: { Type: 'Succeed' },
    },
  },
  slow: { StartAt: '承認を待つ', States: { 承認を待つ: { Type: 'Wait', Seconds: 600, End: true } } },
  keys: {
    StartAt: '試す',
    States: {
      試す: {
        Type: 'Parallel',
        Branches: [
          { StartAt: '拒否', States: { 拒否: { Type: 'Fail', Error: 'Rejected', Cause: '予算超過' } } },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: '両方' }],
        Next: '両方',
      },
      両方: {
        Type: 'Parallel',
        Branches: [
          { StartAt: '承認を待つ', States: { 承認を待つ: { Type: 'Wait', Seconds: 600, End: true } } },
          {
            StartAt: '記録',
            States: {
              記録: { Type: 'Pass', Next: 'wait for it' },
              'wait for it': { Type: 'Wait', Seconds: 600, End: true },
            },
          },
        ],
        End: true,
      },
    },
  },
  broken: {
    StartAt: 'refuse',
    States: { refuse: { Type: 'Fail', Error: 'Rejected', Cause: '{"reason":"予算超過"}' } },
  },
};

beforeAll(async () => {
  server = await startDev();
  const settings = {
    endpoint: server.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  states = new SFNClient(settings);
  const logGroupName = '/aws/vendedlogs/states/watched';
  const logs = new CloudWatchLogsClient(settings);
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  logs.destroy();
  const logGroupArn = `arn:aws:logs:ap-northeast-1:101010101010:log-group:${logGroupName}:*`;
  for (const [name, definition] of Object.entries(definitions)) {
    const made = await states.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::101010101010:role/local',
        loggingConfiguration: { level: 'ALL', destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
      }),
    );
    machines[name] = made.stateMachineArn ?? '';
  }
});
afterAll(async () => {
  states.destroy();
  await server.kill();
});

async function start(machine: keyof typeof definitions, name: string, input: unknown = {}): Promise<string> {
  const command = { stateMachineArn: machines[machine], name, input: JSON.stringify(input) };
  const { executionArn } = await states.send(new StartExecutionCommand(command));
  return executionArn ?? '';
}
const run = (...args: string[]) => runHere(args, { cwd: server.cwd });

describe('watch in a pipe', () => {
  test('a line a change until it SUCCEEDED: exit 0', async () => {
    const arn = await start('quick', '取込-1');
    const { exitCode, stdout, stderr } = await runCli(['watch', arn], { cwd: server.cwd });
    expect(stderr).not.toMatch(/error/i);
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}execution {2}RUNNING$/);
    expect(lines.some((line) => / {2}少し待つ {2}succeeded after 1\.\d s$/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/execution {2}SUCCEEDED$/);
    expect(stdout).not.toContain('\u001b');
  });

  test('FAILED: exit 1, the cause decoded; several: the worst of both', async () => {
    const broken = await start('broken', 'broken-1');
    const quick = await start('quick', 'quick-2');
    const { exitCode, stdout } = await run('watch', quick, broken);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/broken-1 {2}execution {2}FAILED: 予算超過 \(Rejected\)/);
    expect(stdout).toMatch(/quick-2 {2}execution {2}SUCCEEDED/);
  });

  test('-o ndjson: JSON alone; -o json: the document at the end', async () => {
    const arn = await start('quick', 'quick-3');
    const lines = (await run('watch', arn, '-o', 'ndjson')).stdout.trimEnd().split('\n');
    const changes = lines.map((line) => JSON.parse(line));
    expect(changes.at(-1)).toMatchObject({ type: 'execution', executionArn: arn, status: 'SUCCEEDED' });
    const document = JSON.parse((await run('watch', arn, '-o', 'json')).stdout);
    expect(document).toEqual(JSON.parse((await run('show', arn, '-o', 'json')).stdout));
    expect(document).toMatchObject({
      executionArn: arn,
      name: 'quick-3',
      status: 'SUCCEEDED',
      current: [],
      failure: null,
    });
  });

  test('--timeout: exit 124, and how to resume', async () => {
    const arn = await start('slow', 'slow-1');
    const { exitCode, stderr } = await run('watch', arn, '--timeout', '0.5');
    expect(exitCode).toBe(124);
    expect(stderr).toContain('keeps running');
    expect(stderr).toContain(`mbc-flow watch ${arn}`);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: exit %i, one soft line, and it goes on', async (signal, expected) => {
    const arn = await start('slow', `slow-${signal}`);
    const cli = startCli(['watch', arn], { cwd: server.cwd });
    await cli.waitFor(/承認を待つ {2}entered/);
    cli.child.kill(signal);
    const { exitCode, stderr } = await cli.done;
    expect(exitCode).toBe(expected);
    expect(stderr).toContain('mbc-flow watch');
    expect(JSON.parse((await run('show', arn, '-o', 'json')).stdout).status).toBe('RUNNING');
  });

  test('an execution that is not there: exit 3', async () => {
    const arn = `${(machines.quick ?? '').replace('stateMachine', 'execution')}:none`;
    const { exitCode, stdout, stderr } = await run('watch', arn);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('show', () => {
  test('of a failed one: exit 0, the cause and what to type next', async () => {
    const arn = await start('broken', 'broken-2', { taskToken: 'secret-of-the-parent' });
    const { exitCode, stdout } = await run('show', arn);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✖ FAILED  broken-2');
    expect(stdout).toContain('Failed in refuse\n  予算超過');
    expect(stdout).toContain('mbc-flow show');
    expect(stdout).not.toContain('secret-of-the-parent');
  });
});

const sequence = '\\u001b\\[';
/** Erased lines, and a cursor that moves up or to the left. */
const erasing = new RegExp(`(?:${sequence}(?:2K|\\d*A|G|\\d?J|\\?1049[hl]))+`);
const colorCode = new RegExp(`${sequence}3\\dm`);

/** Lines of the frame that was drawn last: what follows the last erased line or moved cursor. */
function lastFrame(output: string): string[] {
  const frames = output.split(erasing);
  return stripVTControlCharacters(frames.at(-1) ?? '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

describe('watch on a terminal', () => {
  test('one screen that follows the size of the window; q leaves it running: exit 130', async () => {
    const arn = await start('slow', '日本語の名前');
    const terminal = startInTerminal(['watch', arn], { cwd: server.cwd, columns: 100, rows: 20 });
    await terminal.waitFor(/承認を待つ/);
    await terminal.waitFor(/q leaves/);
    const before = terminal.output.length;
    terminal.resize(40, 12);
    await expect.poll(() => terminal.output.slice(before)).toMatch(/承認を待つ[\s\S]*q leaves/);
    const frame = lastFrame(terminal.output);
    for (const line of frame) expect(stringWidth(line)).toBeLessThanOrEqual(40);
    terminal.type('q');
    const { exitCode, output } = await terminal.done;
    expect(exitCode).toBe(130);
    expect(output).toContain('keeps running');
    expect(JSON.parse((await run('show', arn, '-o', 'json')).stdout).status).toBe('RUNNING');
  });

  test('--logs under the tree; the keys choose, fold, filter, find failures, open input and output', async () => {
    const arn = await start('keys', '鍵', { requestId: 'r-1' });
    const terminal = startInTerminal(['watch', arn, '--logs'], { cwd: server.cwd, columns: 100, rows: 30 });
    const screen = () => lastFrame(terminal.output).join('\n');
    const shows = (pattern: RegExp) => expect.poll(screen).toMatch(pattern);
    await shows(/▸ 両方[\s\S]*wait for it[\s\S]*keys {2}WaitStateEntered[\s\S]*q leaves/);

    terminal.type('n');
    await shows(/❯ ! 試す/);
    terminal.type('i');
    await shows(/input {2}\{"requestId":"r-1"\}/);
    terminal.type('\r');
    await shows(/❯ ! 試す .*…\n(?![\s\S]*拒否)/);
    terminal.type('f');
    await shows(/試す(?![\s\S]*wait for it {2})/);
    terminal.type('ff');
    await shows(/試す[\s\S]*wait for it {2}/);
    terminal.type('j');
    await shows(/❯ . 両方/);
    terminal.type('\u001b');
    await shows(/^(?![\s\S]*❯)/);

    for (const columns of [60, 80, 120, 200]) {
      const before = terminal.output.length;
      terminal.resize(columns, 30);
      await expect
        .poll(() => lastFrame(terminal.output.slice(before)).join('\n'))
        .toMatch(/鍵[\s\S]*wait for it[\s\S]*WaitStateEntered[\s\S]*q leaves/);
      const frame = lastFrame(terminal.output);
      for (const line of frame) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      // What follows the names stands in one column, whatever they are written in.
      const starts = frame.flatMap(
        (line) => /^( +[^\w\s] .+? {2,})\d[\d.]* (?:ms|s|min)\b/.exec(line)?.[1] ?? [],
      );
      expect(starts.length).toBeGreaterThanOrEqual(4);
      expect(new Set(starts.map((head) => stringWidth(head))).size).toBe(1);
    }
    terminal.type('q');
    expect((await terminal.done).exitCode).toBe(130);
  });

  test('Ctrl-C leaves as q does', async () => {
    const arn = await start('slow', 'slow-ctrl-c');
    const terminal = startInTerminal(['watch', arn], { cwd: server.cwd });
    await terminal.waitFor(/q leaves/);
    terminal.type('\u0003');
    expect((await terminal.done).exitCode).toBe(130);
  });

  test('the last frame stays, without the keys: exit 0; NO_COLOR is obeyed', async () => {
    const arn = await start('quick', 'quick-tty');
    const terminal = startInTerminal(['watch', arn], { cwd: server.cwd, env: { NO_COLOR: '1' } });
    const { exitCode, output } = await terminal.done;
    expect(exitCode).toBe(0);
    const frame = lastFrame(output).join('\n');
    expect(frame).toContain('✔ SUCCEEDED  quick  quick-tty');
    expect(frame).not.toContain('q leaves');
    expect(output).not.toMatch(colorCode);
  });
});

test('kill -9 of an import that carries the server, then watch @last: it goes on to the end', async () => {
  const cwd = workDirectory();
  const rows = Array.from({ length: 2000 }, (_, index) => `${index},商品${index}`);
  writeFileSync(join(cwd, 'products.csv'), `id,name\n${rows.join('\n')}\n`);
  // The first batch goes through; the others wait for a file.
  const slow = `import { existsSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  export const handler = async ({ input }) => {
    while (input.Items?.[0]?.id !== '0' && !existsSync('go')) await setTimeout(20);
    const rows = input.Items?.length ?? 0;
    return [[{ totalRows: rows, succeededRows: rows, failedRows: 0, failures: [] }]];
  };`;
  writeFileSync(join(cwd, 'slow.mjs'), slow);
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ local: { functions: { '*': './slow.handler' } } }),
  );

  const carrier = startCli(['import', 'products.csv'], { cwd });
  const itemCounts = async () => {
    const { exitCode, stdout } = await runHere(['show', '@last', '-o', 'json'], { cwd });
    return exitCode === 0 ? JSON.parse(stdout).mapRuns[0]?.itemCounts : undefined;
  };
  await expect.poll(itemCounts).toMatchObject({ succeeded: expect.toSatisfy((done) => done > 0) });
  carrier.child.kill('SIGKILL');
  expect((await carrier.done).exitCode).toBe(137);

  writeFileSync(join(cwd, 'go'), '');
  const { exitCode, stdout, stderr } = await runCli(['watch', '@last'], { cwd });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout.trimEnd()).toMatch(/execution {2}SUCCEEDED$/);
  expect(await itemCounts()).toMatchObject({ total: 2000, succeeded: 2000, failed: 0 });
});
