import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, test } from 'vitest';
import { binary, type DevServer, runCli, startDev, startInTerminal, workDirectory } from './cli.js';

const slow = { StartAt: '待つ', States: { 待つ: { Type: 'Wait', Seconds: 3600, End: true } } };
const entered = '\u001b[?1049h';
const left = '\u001b[?1049l';
const cursorShown = '\u001b[?25h';

const cwd = workDirectory();
let server: DevServer;

beforeAll(async () => {
  writeFileSync(join(cwd, 'slow.asl.json'), JSON.stringify(slow));
  const local = { machines: { slow: './slow.asl.json' } };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local }));
  server = await startDev({ cwd, dataDir: join(cwd, 'data') });
  await runCli(['start', 'slow', '--name', '夜間-1', '-q', '--data-dir', server.dataDir], { cwd });
});

describe.each([
  ['top', [], '1 Exec'],
  ['watch', ['夜間-1'], '待つ'],
])('the screen of %s', (command, given, seen) => {
  const args = (): string[] => [command, ...given, '--data-dir', server.dataDir];

  /** In a shell that says the process it starts, and which modes the terminal is in. */
  const inShell = async () => {
    const terminal = startInTerminal([], {
      cwd,
      columns: 100,
      rows: 30,
      command: ['bash', '--norc', '--noprofile', '-i'],
      env: { PS1: 'shell> ', HISTFILE: undefined },
    });
    const line = [process.execPath, binary, ...args()].map((word) => `'${word}'`).join(' ');
    terminal.type(`sh -c 'echo pid=$$; exec "$@"' - ${line}\n`);
    const [, pid] = await terminal.waitFor(/pid=(\d+)\r/);
    await terminal.waitFor(new RegExp(seen));
    /** What is written from now on, once it has `pattern`. */
    const next = async (pattern: RegExp, act: () => void): Promise<string> => {
      const from = terminal.output.length;
      act();
      await expect.poll(() => terminal.output.slice(from), { timeout: 20_000 }).toMatch(pattern);
      return terminal.output.slice(from);
    };
    return { terminal, pid: Number(pid), next };
  };

  test('Ctrl-Z and kill -TSTP give the terminal back; fg draws the screen anew, at the size it has then', async () => {
    const { terminal, pid, next } = await inShell();
    const stops = [() => terminal.type('\u001a'), () => process.kill(pid, 'SIGTSTP')];
    for (const [index, stop] of stops.entries()) {
      const stopped = await next(/Stopped[\s\S]*shell> $/, stop);
      expect(stopped).toContain(left);
      expect(stopped).toContain(cursorShown);
      const modes = await next(/modes: .*\r\n[\s\S]*shell> $/, () =>
        terminal.type('echo modes: $(stty -a | grep -oE "[-]?(icanon|echo|isig)\\b")\n'),
      );
      expect(modes).toMatch(/modes: isig icanon echo|modes: icanon echo isig/);
      const columns = index === 0 ? 70 : 62;
      terminal.resize(columns, 20);
      const again = await next(new RegExp(seen), () => terminal.type('fg\n'));
      expect(again).toContain(entered);
      const drawn = stripVTControlCharacters(again.slice(again.indexOf(entered))).split(/\r?\n/);
      for (const line of drawn) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
    await next(/shell> $/, () => terminal.type('q'));
    terminal.type('exit\n');
    await terminal.done;
  });

  test('after kill -STOP, fg takes the terminal again', async () => {
    const { terminal, pid, next } = await inShell();
    await next(/Stopped[\s\S]*shell> $/, () => process.kill(pid, 'SIGSTOP'));
    await next(new RegExp(seen), () => terminal.type('fg\n'));
    // Keys come at once, and are not echoed.
    const after = await next(/shell> $/, () => terminal.type('q'));
    expect(after).toContain(left);
    terminal.type('exit\n');
    await terminal.done;
  });

  test('without a shell that could continue it, Ctrl-Z draws the screen anew', async () => {
    const terminal = startInTerminal(args(), { cwd });
    await terminal.waitFor(new RegExp(seen));
    terminal.type('\u001a');
    await terminal.waitFor(new RegExp(`1049l[\\s\\S]*1049h[\\s\\S]*${seen}`));
    terminal.type('q');
    await terminal.done;
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s gives the terminal back, and ends it', async (signal, exitCode) => {
    const terminal = startInTerminal(args(), { cwd });
    await terminal.waitFor(new RegExp(seen));
    process.kill(terminal.pid, signal);
    const { output, exitCode: ended } = await terminal.done;
    expect(ended).toBe(exitCode);
    const last = output.slice(output.lastIndexOf(entered));
    expect(last).toContain(left);
    expect(last).toContain(cursorShown);
  });
});
