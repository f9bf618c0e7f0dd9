import { describe, expect, test } from 'vitest';

import { commands, errorOf, run } from '../world.js';

test('no arguments: the help, on stdout, exit 0', async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: mbc-flow <command>/);
  for (const { name, summary } of commands) {
    expect(stdout).toContain(`\n  ${name}`);
    expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
  }
  expect(await run(['--help'])).toEqual({ code, stdout, stderr });
});

test('a command’s help has its flags, the global ones apart, and examples', async () => {
  const { code, stdout } = await run(['list', '--help']);
  expect(code).toBe(0);
  expect(stdout.indexOf('--since')).toBeLessThan(stdout.indexOf('Global options:'));
  expect(stdout).toMatch(/Global options:.*--target <name>.*Examples:\n {2}mbc-flow list/s);
});

test('no help is wider than 80 columns, but for a line to type that is', async () => {
  const { default: stringWidth } = await import('string-width');
  const toType = commands.flatMap(({ examples }) => examples.map(({ line }) => `  ${line}`));
  for (const { name } of [...commands, { name: 'task' }, { name: 'trigger' }, { name: '' }]) {
    const { stdout } = await run([...name.split(' ').filter(Boolean), '--help']);
    const wide = stdout.split('\n').filter((line) => stringWidth(line) > 80 && !toType.includes(line));
    expect(wide, name).toEqual([]);
    expect(stdout, name).not.toContain('\n\n\n\n');
  }
});

test('every example of every command parses', async () => {
  const { parseCommandLine } = await import('../../../src/cli/shell/program.js');
  for (const { name, examples } of commands) {
    expect(examples.length, name).toBeGreaterThan(0);
    for (const { line } of examples) {
      // What a shell would do with the rest of the line is its own matter.
      const [own = ''] = line.split(/ [|>] /);
      const words = [...own.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      const [program, ...args] = words;
      expect(program).toBe('mbc-flow');
      const invocation = parseCommandLine(args, commands, '0', () => {});
      expect(invocation?.command.name, line).toBe(name);
    }
  }
});

test('--version', async () => {
  expect(await run(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

describe('a bad command line: exit 2, one short block, nothing on stdout', () => {
  test.each([
    [['lisst'], "unknown command 'lisst'", 'mbc-flow list'],
    [['list', '-o', 'yaml'], 'Allowed choices are text, json, ndjson', 'mbc-flow list --help'],
    [['-o', 'yaml', 'list'], 'Allowed choices are text, json, ndjson', 'mbc-flow list --help'],
    [['start'], "missing required argument 'machine'", 'mbc-flow start --help'],
    [['import'], 'there is no file to import', 'mbc-flow import <file.csv>'],
    [['list', '--sinse', '1d'], 'Did you mean --since?', 'mbc-flow list --help'],
    [['list', 'a', 'b'], 'too many arguments', 'mbc-flow list --help'],
    [['list', '--status', 'DONE'], 'Allowed choices are RUNNING', 'mbc-flow list --help'],
    [['list', '--since', 'yesterday'], 'is not a valid duration or date', '--since 2h'],
    [['list', '--limit', '0'], 'is not a positive whole number', '--limit 100'],
    [['dev', '--port', '70000'], 'no port', '65535'],
    [['dev', '--functions', 'x'], 'no pair', 'NAME=SPEC'],
    [['dev', '--lambda-endpoint', 'localhost'], 'no http URL', 'http://'],
    [['list', '--target', 'moon'], 'target moon is not defined', 'known targets: local'],
    [['list', '--local', '--target', 'dev'], 'cannot be used together', ''],
    [['list', '--local', '--region', 'us-east-1'], '--region is not supported', ''],
    [['list', '--endpoint-url', 'localhost:8083'], 'not a valid http or https URL', ''],
  ])('%j', async (args, message, hint) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain(' at ');
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  });

  test.each([[['-o', 'json']], [['-ojson']], [['--output=json']], [['--output', 'ndjson']]])(
    'under %j it is one line of JSON, wherever the flag stands',
    async (flag) => {
      for (const args of [
        [...flag, 'list', '--nope'],
        ['list', '--nope', ...flag],
      ]) {
        const ran = await run(args);
        expect(ran.code).toBe(2);
        expect(ran.stderr.trim().split('\n')).toHaveLength(1);
        expect(errorOf(ran)).toMatchObject({ code: 'BadUsage', exitCode: 2, hint: 'mbc-flow list --help' });
      }
    },
  );
});

test.each([
  ['ls', 'list'],
  ['ps', 'list'],
  ['tail', 'logs'],
  ['status', 'show'],
  ['describe', 'show'],
])('%s is another word for %s', async (alias, name) => {
  const help = async (word: string) => (await run([word, '--help'])).stdout.replace(/^Usage:.*$/m, '');
  expect(await help(alias)).toBe(await help(name));
});

test.each([
  ['cancel', 'stop'],
  ['retry', 'redrive'],
  ['run', 'start'],
])('%s is not known, and names %s', async (word, name) => {
  expect(await run([word])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: unknown command '${word}'\n  try:   mbc-flow ${name}\n`,
  });
});

test('no word that looks like a command that changes something is taken for it, or suggests it', async () => {
  const changing = commands.filter(({ changes }) => changes).map(({ name }) => name);
  for (const name of changing.filter((name) => !name.includes(' '))) {
    for (const typo of [name.slice(1), name.slice(0, -1), `${name}x`, `x${name.slice(1)}`]) {
      const { code, stderr } = await run([typo]);
      expect(code).toBe(2);
      for (const other of changing) expect(stderr).not.toMatch(new RegExp(`mbc-flow ${other}$`, 'm'));
    }
  }
});
