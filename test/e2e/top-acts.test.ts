import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DevServer, runCli, startDev, startInTerminal, type TerminalCli, workDirectory } from './cli.js';

const approval = {
  StartAt: '承認を待つ',
  States: {
    承認を待つ: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'ask',
        Payload: { 'token.$': '$$.Task.Token', 'requestId.$': '$.requestId' },
      },
      End: true,
    },
  },
};
const slow = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } } };

describe('acts on the screen of top', () => {
  const cwd = workDirectory();
  let server: DevServer;
  const here = (): string[] => ['--data-dir', server.dataDir];
  const json = async (...args: string[]) =>
    JSON.parse((await runCli([...args, ...here(), '-o', 'json'], { cwd })).stdout);
  const start = async (machine: string, input: object, name: string): Promise<string> =>
    (await json('start', machine, '--input', JSON.stringify(input), '--name', name)).executionArn;
  const waits = (requestId: string) => start('approval', { requestId }, `of-${requestId}`);
  /** The screen once its tab of paused steps has `pattern`. */
  const paused = async (pattern: RegExp, args = here(), env = {}) => {
    const terminal = startInTerminal(['top', '--no-color', ...args], { cwd, columns: 200, rows: 30, env });
    await terminal.waitFor(/Paused \d/);
    terminal.type('2');
    await terminal.waitFor(pattern);
    return terminal;
  };
  /** Only rows with these words. */
  const filter = async (terminal: TerminalCli, words: string, before = ''): Promise<void> => {
    terminal.type(`/${'\u007f'.repeat(before.length)}${words}\r`);
    await terminal.waitFor(new RegExp(`filter "${words}"`));
  };

  beforeAll(async () => {
    writeFileSync(join(cwd, 'functions.mjs'), 'export const ask = async () => ({});\n');
    writeFileSync(join(cwd, 'approval.asl.json'), JSON.stringify(approval));
    writeFileSync(join(cwd, 'slow.asl.json'), JSON.stringify(slow));
    const machines = { approval: './approval.asl.json', slow: './slow.asl.json' };
    writeFileSync(
      join(cwd, 'mbc-flow.json'),
      JSON.stringify({ local: { functions: { ask: './functions.ask' }, machines } }),
    );
    server = await startDev({
      cwd,
      dataDir: join(cwd, 'data'),
      args: ['--host', '0.0.0.0', '--allowed-host', '0.0.0.0'],
    });
  });

  test('reject asks why, resume takes an answer, fail an error and a cause; all of it stands in the log', async () => {
    const [rejected, resumed, failed] = [await waits('a-1'), await waits('a-2'), await waits('a-3')];
    const terminal = await paused(/a-3/);
    await filter(terminal, 'a-1');
    terminal.type('x');
    await terminal.waitFor(/Reason: █/);
    terminal.type('予算超過\r');
    await terminal.waitFor(/Continue\? \[y\/N\]/);
    terminal.type('y');
    await terminal.waitFor(/a-1: rejected/);
    await filter(terminal, 'a-2', 'a-1');
    terminal.type('r');
    await terminal.waitFor(/Answer as JSON/);
    terminal.type('{"total":3}\r');
    await terminal.waitFor(/answer +\{"total":3\}/);
    terminal.type('y');
    await terminal.waitFor(/a-2: resumed/);
    await filter(terminal, 'a-3', 'a-2');
    terminal.type('F');
    await terminal.waitFor(/Error name: █/);
    terminal.type('Cancelled\r');
    await terminal.waitFor(/Cause: █/);
    terminal.type('customer left\r');
    await terminal.waitFor(/"error":"Cancelled"/);
    terminal.type('y');
    await terminal.waitFor(/a-3: failed/);
    terminal.type('D');
    await terminal.waitFor(/done from here[\s\S]*a-1: rejected[\s\S]*a-2: resumed[\s\S]*a-3: failed/);
    terminal.type('q');
    // What was done stays on the terminal.
    expect((await terminal.done).output).toMatch(/1049l[\s\S]*a-1: rejected[\s\S]*a-3: failed/);
    const why = JSON.parse((await json('show', rejected)).failure.cause);
    expect(why).toMatchObject({ reason: '予算超過' });
    expect(await json('show', resumed)).toMatchObject({ status: 'SUCCEEDED', output: '{"total":3}' });
    expect((await json('show', failed)).failure).toMatchObject({
      error: 'Cancelled',
      cause: 'customer left',
    });
  });

  test('space marks several, which are listed and answered at once; any key but y changes nothing', async () => {
    const both = [await waits('b-1'), await waits('b-2')];
    const terminal = await paused(/b-2/);
    await filter(terminal, 'b-');
    await terminal.waitFor(/"b-": 2 of/);
    terminal.type('  ');
    await terminal.waitFor(/2 marked/);
    terminal.type('a');
    await terminal.waitFor(/b-1 +承認を待つ of approval[\s\S]*b-2 +承認を待つ/);
    terminal.type('n');
    await terminal.waitFor(/Nothing was changed[\s\S]*a approve/);
    terminal.type('a');
    await terminal.waitFor(/Nothing was changed[\s\S]*Continue\? \[y\/N\]/);
    terminal.type('y');
    await terminal.waitFor(/b-[12]: approved/);
    await terminal.waitFor(/Nothing waits|filter "b-": 0/);
    terminal.type('D');
    await terminal.waitFor(/done from here[\s\S]*b-1: approved[\s\S]*b-2: approved/);
    terminal.type('q');
    await terminal.done;
    for (const arn of both) expect((await json('show', arn)).status).toBe('SUCCEEDED');
  });

  test('stop, rerun, edit and rerun, copy', async () => {
    const arn = await start('slow', { n: 1 }, '夜間-1');
    writeFileSync(join(cwd, 'edit.sh'), '#!/bin/sh\necho \'{"n":2}\' > "$1"\n');
    chmodSync(join(cwd, 'edit.sh'), 0o755);
    const env = { EDITOR: join(cwd, 'edit.sh') };
    const terminal = startInTerminal(['top', 'slow', '--no-color', ...here()], {
      cwd,
      columns: 200,
      rows: 30,
      env,
    });
    await terminal.waitFor(/▸ RUNNING .*夜間-1/);
    terminal.type('y');
    // OSC 52: the terminal's clipboard.
    await terminal.waitFor(new RegExp(`\\u001b\\]52;c;${Buffer.from(arn).toString('base64')}`));
    terminal.type('S');
    await terminal.waitFor(/stop slow:夜間-1/);
    terminal.type('y');
    // A key that acts is heard once the last line has the keys again.
    await terminal.waitFor(/stopped 夜間-1[\s\S]*N rerun/);
    terminal.type('N');
    await terminal.waitFor(/start slow again as 夜間-1\S*[\s\S]*Continue/);
    terminal.type('y');
    await terminal.waitFor(/started 夜間-1[\s\S]*e edit\+rerun/);
    terminal.type('e');
    await terminal.waitFor(/input +\{"n":2\}/);
    terminal.type('y');
    await terminal.waitFor(/started 夜間-1[\s\S]*started 夜間-1/);
    terminal.type('q');
    await terminal.done;
    const { executions } = await json('list', 'slow');
    expect(executions.map(({ status }: { status: string }) => status).sort()).toEqual([
      'ABORTED',
      'RUNNING',
      'RUNNING',
    ]);
    expect(JSON.parse((await json('show', executions[0].executionArn)).input)).toEqual({ n: 2 });
  });

  test('a target that is not of this machine asks for its name; o opens the console', async () => {
    const arn = await waits('c-1');
    const endpoint = `http://0.0.0.0:${new URL(server.endpoint).port}`;
    const name = new URL(endpoint).host;
    const opened = join(cwd, 'opened');
    writeFileSync(join(cwd, 'browser.sh'), `#!/bin/sh\necho "$1" > ${opened}\n`);
    chmodSync(join(cwd, 'browser.sh'), 0o755);
    const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', BROWSER: join(cwd, 'browser.sh') };
    const terminal = await paused(/c-1/, ['--endpoint-url', endpoint, '--region', 'ap-northeast-1'], keys);
    expect(terminal.output).toContain('PROTECTED');
    await filter(terminal, 'c-1');
    terminal.type('a');
    await terminal.waitFor(/Type the target name/);
    terminal.type('wrong\r');
    await terminal.waitFor(/Nothing was changed[\s\S]*a approve/);
    terminal.type('a');
    await terminal.waitFor(/Nothing was changed[\s\S]*Type the target name/);
    terminal.type(`${name}\r`);
    await terminal.waitFor(/c-1: approved/);
    terminal.type('1');
    terminal.type('o');
    await terminal.waitFor(/console: https/);
    terminal.type('q');
    await terminal.done;
    expect((await json('show', arn)).status).toBe('SUCCEEDED');
    await expect
      .poll(() => existsSync(opened) && readFileSync(opened, 'utf8'))
      .toContain(encodeURI('https://'));
  });
});
