import { describe, expect, test } from 'vitest';

import { commandGroups, commands, errorOf, run } from '../world.js';

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

test.each([60, 80, 100])(
  'no help is wider than %s columns, but for a line to type that is',
  async (columns) => {
    const { default: stringWidth } = await import('string-width');
    const toType = commands.flatMap(({ examples }) => examples.map(({ line }) => `  ${line}`));
    const pages = [
      [],
      ...[...commands.map(({ name }) => name), 'task', 'trigger'].map((name) => [
        ...name.split(' '),
        '--help',
      ]),
      ...['targets', 'references', 'exit-codes', 'json', 'environment', 'time'].map((topic) => [
        'help',
        topic,
      ]),
    ];
    for (const args of pages) {
      const { code, stdout } = await run(args, { tty: true, columns });
      expect(code, args.join(' ')).toBe(0);
      const wide = stdout
        .split('\n')
        .filter(
          (line) => stringWidth(line) > columns && !toType.includes(line) && !/^ {2}mbc-flow /.test(line),
        );
      expect(wide, args.join(' ')).toEqual([]);
      expect(stdout, args.join(' ')).not.toContain('\n\n\n');
    }
  },
);

test('help names a command, a group or a topic; anything else is refused', async () => {
  const page = async (...args: string[]) => (await run(args)).stdout;
  expect(await page('help')).toBe(await page('--help'));
  expect(await page('help', 'import')).toBe(await page('import', '--help'));
  expect(await page('help', 'task', 'start')).toBe(await page('task', 'start', '--help'));
  expect(await page('help', 'task')).toBe(await page('task', '--help'));
  expect(await page('version')).toBe(await page('--version'));
  expect(await page('help', 'exit-codes')).toMatch(/\n {2}124 +--timeout exceeded\n/);
  expect(await run(['help', 'nope'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining("no command or help topic 'nope'"),
  });
});

test('-o json: help, the version and a completion script are documents as well', async () => {
  const json = async (...args: string[]) => JSON.parse((await run(['-o', 'json', ...args])).stdout);
  const text = async (...args: string[]) => (await run(args)).stdout.trimEnd();
  expect(await json('--version')).toEqual({ version: await text('--version') });
  expect(await json('list', '--help')).toEqual({ help: await text('list', '--help') });
  expect(await json('help', 'exit-codes')).toEqual({ help: await text('help', 'exit-codes') });
  expect(await json('completion', 'bash')).toEqual({
    shell: 'bash',
    script: await text('completion', 'bash'),
  });
  expect((await json('completion', 'words', '--', 'doc')).words).toContain('doctor');
});

test('a group of commands shows its own, by the same headings', async () => {
  const { stdout } = await run(['task', '--help']);
  expect(stdout).toMatch(/Run:\n {2}start \[items\].*\n\nSee:\n {2}list .*\n {2}show <reference>/s);
  expect(stdout).not.toContain('rerun');
});

test('every example of every command parses', async () => {
  const { parseCommandLine } = await import('../../../src/cli/shell/parse-command-line.js');
  for (const { name, examples } of commands) {
    expect(examples.length, name).toBeGreaterThan(0);
    for (const { line } of examples) {
      // What a shell would do with the rest of the line is its own matter.
      const [own = ''] = line.split(/ [|>] /);
      const words = [...own.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      const [program, ...args] = words;
      expect(program).toBe('mbc-flow');
      const invocation = parseCommandLine(args, commandGroups, '0', () => {});
      expect(invocation?.command.name, line).toBe(name);
    }
  }
});

test('no example is wider than 80 columns, as help prints it', async () => {
  const { default: stringWidth } = await import('string-width');
  for (const { name } of commands) {
    const { stdout } = await run([...name.split(' '), '--help'], { tty: true, columns: 80 });
    const printed = stdout.slice(stdout.indexOf('\nExamples:\n')).split('\n');
    expect(printed.length, name).toBeGreaterThan(2);
    expect(printed.filter((line) => stringWidth(line) > 80)).toEqual([]);
  }
});

test('--version', async () => {
  expect(await run(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

describe('a wrong value of a global flag is refused, wherever it stands and whatever is asked for', () => {
  const wrong = [
    ['-o', 'xml'],
    ['--target', ''],
    ['--profile', ' '],
    ['--region', 'tokyo 1'],
    ['--data-dir', ''],
    ['--endpoint-url', 'localhost'],
  ];
  test.each(wrong)('%s %j', async (...flag) => {
    const asked = [
      ['--version'],
      ['version'],
      ['--help'],
      ['list', '--help'],
      ['task', '--help'],
      ['help', 'list'],
    ];
    for (const words of asked) {
      for (const args of [
        [...flag, ...words],
        [...words, ...flag],
      ])
        expect(await run(args), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    }
  });

  test('a good one is taken, and the version stands alone', async () => {
    const { stdout } = await run(['--version']);
    const also = [
      ['list', '--version'],
      ['start', '--version'],
      ['version', '--local'],
      ['--version', '--nope'],
    ];
    for (const args of also) expect(await run(args)).toEqual({ code: 0, stdout, stderr: '' });
    expect(await run(['version', 'x'])).toMatchObject({ code: 2, stdout: '' });
  });

  test.each([
    ['resume', 'r-1', '--output'],
    ['start', 'm', '-o', 'yaml', '--input'],
    ['start', 'm', '--inputs'],
  ])('a task token in the line is not repeated: %s %s %s', async (...words) => {
    const token = `AQCEAAAA${'x'.repeat(400)}`;
    const { code, stderr } = await run([...words, `{"token":"${token}"}`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`mbc-flow ${words[0]} --help`)]);
    expect(stderr).not.toContain('AQCEAAAA');
  });

  test('a password in the line is not repeated', async () => {
    const { stderr } = await run(['list', '-o', 'csv', '--endpoint-url', 'http://me:geheim@127.0.0.1:1']);
    expect(stderr).toContain('mbc-flow list --help');
    expect(stderr).not.toContain('geheim');
  });
});

describe('a bad command line: exit 2, one short block, nothing on stdout', () => {
  test.each([
    [['lisst'], "unknown command 'lisst'", 'mbc-flow list'],
    [['list', '-o', 'xml'], 'Allowed choices are text, json, ndjson', 'mbc-flow list --help'],
    [['-o', 'xml', 'list'], 'Allowed choices are text, json, ndjson', 'mbc-flow list --help'],
    [['start'], "missing required argument 'machine'", 'mbc-flow start --help'],
    [['import'], 'no file to import was specified', 'mbc-flow import products.csv'],
    [['list', '--sinse', '1d'], 'Did you mean --since?', 'mbc-flow list --help'],
    [['list', 'a', 'b'], 'too many arguments', 'mbc-flow list --help'],
    [['doctor', '--policy', 'import', 'start'], 'too many arguments', 'mbc-flow doctor --help\n'],
    [['graph', 'a b', '-o', 'svg'], 'Allowed choices are text', "mbc-flow graph 'a b' --format svg\n"],
    [['-o=mermaid', 'graph', 'a'], 'Allowed choices are text', 'mbc-flow graph a --format mermaid\n'],
    [['graph', 'a', '--format', 'json'], 'Allowed choices are terminal', 'mbc-flow graph a -o json\n'],
    [['lint', '-osarif'], 'Allowed choices are text', 'mbc-flow lint --reporter sarif\n'],
    [['lint', '--reporter=ndjson'], 'Allowed choices are text', 'mbc-flow lint -o ndjson\n'],
    [['test', '--output=junit', 'a'], 'Allowed choices are text', 'mbc-flow test a --reporter junit\n'],
    [['list', '-o', 'csv'], 'Allowed choices are text', 'mbc-flow list -o json\n'],
    [['list', '-o', 'YAML'], 'Allowed choices are text', 'mbc-flow list -o json\n'],
    [['list', '-o=JSON', '--failed'], 'Allowed choices are text', 'mbc-flow list --failed -o json\n'],
    [['list', '-o', 'table'], 'Allowed choices are text', 'mbc-flow list -o text\n'],
    [['list', '-o', 'JSON'], 'Allowed choices are text', 'mbc-flow list -o json\n'],
    [['list', '--json'], "unknown option '--json'", 'mbc-flow list -o json\n'],
    [['list', '--format', 'yaml'], "unknown option '--format'", 'mbc-flow list -o json\n'],
    [['list', '--format=jsonl'], "unknown option '--format=jsonl'", 'mbc-flow list -o ndjson\n'],
    [['list', '--format', 'svg'], "unknown option '--format'", 'mbc-flow list --help\n'],
    [['list', '--status', 'failed'], 'Allowed choices are RUNNING', 'mbc-flow list --status FAILED\n'],
    [['list', '--status', 'DONE'], 'Allowed choices are RUNNING', 'mbc-flow list --help'],
    [['list', '--since', 'yesterday'], 'is not a valid duration or date', '--since 2h'],
    [['list', '--limit', '0'], 'is not a positive whole number', '--limit 100'],
    [['import', ''], 'the argument [file.csv...] is empty', 'mbc-flow import --help\n'],
    [['show', ' '], 'the argument [execution] is empty', 'mbc-flow show --help\n'],
    [['stop', '', 'x'], 'the argument [execution...] is empty', 'mbc-flow stop --help\n'],
    [['import', 'a.csv', '--tenant', 'a#b'], 'contains #', ''],
    [['import', 'a.csv', '--table', ''], 'the value is empty', ''],
    [['task', 'start', 'a.json', '--tenant', '#'], 'contains #', ''],
    [['dev', '--port', '70000'], 'not a valid port', '65535'],
    [['dev', '--functions', 'x'], 'not a name=value pair', 'NAME=SPEC'],
    [['dev', '--lambda-endpoint', 'localhost'], 'not a valid HTTP URL', 'http://'],
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
    stderr: `error: unknown command '${word}'\n  try:   mbc-flow ${name} --help\n`,
  });
});

test('no word that looks like a command that changes something is taken for it, or suggests it', async () => {
  const changing = commands.filter(({ changes }) => changes).map(({ name }) => name);
  for (const name of changing.filter((name) => !name.includes(' '))) {
    for (const typo of [name.slice(1), name.slice(0, -1), `${name}x`, `x${name.slice(1)}`]) {
      // `top` is a command of its own, which changes nothing.
      if (typo === 'top') continue;
      const { code, stderr } = await run([typo]);
      expect(code).toBe(2);
      for (const other of changing) expect(stderr).not.toMatch(new RegExp(`mbc-flow ${other}$`, 'm'));
    }
  }
});
