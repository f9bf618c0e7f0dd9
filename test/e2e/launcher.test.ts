import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands, run } from '../cli/world.js';
import { runCli, startInTerminal } from './cli.js';

const dist = join(import.meta.dirname, '../../dist');
function pages(columns: number): Record<string, string> {
  const bytes = readFileSync(join(dist, `help-${columns}.txt`));
  const begin = bytes.indexOf('\n') + 1;
  const places: Record<string, [number, number]> = JSON.parse(bytes.toString('utf8', 0, begin));
  return Object.fromEntries(
    Object.entries(places).map(([line, [from, to]]) => [
      line,
      bytes.toString('utf8', begin + from, begin + to),
    ]),
  );
}

test.each([80, 100])('the rendered help is what the program prints at %s columns', async (columns) => {
  const rendered = pages(columns);
  const words = Object.keys(rendered);
  for (const { name } of commands) expect(words).toContain(`${name} --help`);
  for (const line of words) {
    const args = line === '' ? [] : line.split(' ');
    const { code, stdout } = await run(args, { tty: true, columns });
    expect(stdout, line).toBe(rendered[line]);
    expect(code).toBe(0);
  }
});

test('the launcher prints it, however it is asked for', async () => {
  const rendered = pages(80);
  for (const args of [[], ['-h'], ['list', '--help'], ['task', '-h'], ['--version']]) {
    const line = args.map((word) => (word === '-h' ? '--help' : word)).join(' ');
    const { exitCode, stdout, stderr } = await runCli(args);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: rendered[line], stderr: '' });
  }
});

test('words that are no page go to the program', async () => {
  expect(await runCli(['task list --help'])).toMatchObject({ exitCode: 2, stdout: '' });
  expect(await runCli(['__proto__', '--help'])).toMatchObject({ exitCode: 0, stdout: pages(80)['--help'] });
  const help = await runCli(['--no-color', 'list', '--help']);
  expect(help.stdout).toBe(pages(80)['list --help']);
});

test('a terminal’s width decides', async () => {
  for (const [columns, rendered] of [
    [120, 100],
    [80, 80],
  ] as const) {
    const terminal = startInTerminal(['--help'], { columns, rows: 100 });
    const { exitCode, output } = await terminal.done;
    expect(exitCode).toBe(0);
    // The pseudo-terminal may drop what it had not read when its process ended.
    const read = output.replaceAll('\r\n', '\n').slice(0, 3000);
    expect(read).toBe(pages(rendered)['--help']?.slice(0, 3000));
  }
});
