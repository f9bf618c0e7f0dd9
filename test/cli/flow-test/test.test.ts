import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, errorOf, run, start } from '../world.js';

const examples = join(import.meta.dirname, '../../../examples');

function approval(): string {
  const cwd = directory();
  for (const name of ['approval.asl.json', 'approval.flow.yaml'])
    cpSync(join(examples, 'approval', name), join(cwd, name));
  return cwd;
}

const change = (file: string, ...changes: [string, string][]): void => {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
};

test.each(['approval', 'batch-tasks', 'large-csv', 'data-sync'])(
  'example %s: its tests pass and leave nothing of the machine out',
  async (example) => {
    const { code, stdout } = await run(['test', '-o', 'json', '--coverage-min', '100'], {
      cwd: join(examples, example),
    });
    const { passed, failed, coverage } = JSON.parse(stdout);
    expect({ code, failed, missing: coverage.flatMap((one: { missing: [] }) => one.missing) }).toEqual({
      code: 0,
      failed: 0,
      missing: [],
    });
    expect(passed).toBeGreaterThan(2);
  },
);

test('what differs is told as a diff with its line; --update writes what came, and leaves the rest as it is', async () => {
  const cwd = approval();
  const file = join(cwd, 'approval.flow.yaml');
  const before = readFileSync(file, 'utf8');
  change(
    file,
    ['approved: true, by: alice } }\n', 'approved: true, by: bob } }\n'],
    ['path: [WaitForApproval, Decide, Approved]', 'path: [WaitForApproval, Approved, Extra]'],
    ['duration: 7d', 'duration: 6d'],
  );
  const failed = await run(['test'], { cwd });
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain(
    [
      '      approval.flow.yaml:8:61  output $.approval.by',
      '        - "bob"',
      '        + "alice"',
      '      approval.flow.yaml:9:7  path',
      '          WaitForApproval',
      '        + Decide',
      '          Approved',
      '        - Extra',
    ].join('\n'),
  );
  expect(failed.stdout).toContain('2 failed, 2 passed');
  const dry = await run(['test', '--update', '--dry-run'], { cwd });
  expect(dry.stderr).toContain('Would update 2 cases in approval.flow.yaml');
  expect((await run(['test', '--update'], { cwd })).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('coverage: a table, a page and a picture; too little of it is exit code 1', async () => {
  const cwd = approval();
  const args = ['test', '--filter', 'refused', '--coverage', '--coverage-min', '50', '--coverage-dir', 'out'];
  const { code, stdout, stderr } = await run(args, { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/approval +46\.1% +3\/5 +2\/4 +1\/2 +0\/1 +0\/1/);
  expect(stdout).toContain('catch       WaitForApproval: catch States.Timeout');
  expect(stderr).toContain('less than --coverage-min 50');
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['approval.svg', 'index.html']);
  const page = readFileSync(join(cwd, 'out/index.html'), 'utf8');
  expect(page).toContain('catch <code>WaitForApproval: catch States.Timeout</code>');
  expect(page).toContain('class="end failed"');
  expect((await run(['test', '--filter', 'refused', '--coverage-min', '46'], { cwd })).code).toBe(0);
});

test('--missing drafts a case for what no case takes; the drafts are cases', async () => {
  const cwd = approval();
  const { code, stdout } = await run(['test', '--filter', 'refused', '--missing'], { cwd });
  expect(code).toBe(0);
  const approved = (await run(['test', '--filter', 'approved', '--missing'], { cwd })).stdout;
  expect(approved).toContain('TODO: an input with which Decide takes its default');
  expect(stdout).toContain('#   rule        Decide: approval.approved = true');
  const drafts = stdout.split('\n').filter((line) => !line.startsWith('#'));
  writeFileSync(
    join(cwd, 'drafts.flow.yaml'),
    ['machine: approval.asl.json', 'cases:', ...drafts.map((line) => `  ${line}`)].join('\n'),
  );
  const ran = await run(['test', 'drafts.flow.yaml', '-o', 'json'], { cwd });
  const { cases } = JSON.parse(ran.stdout);
  expect(cases.map(({ name }: { name: string }) => name)).toEqual([
    expect.stringMatching(/^WaitForApproval: retry Lambda\.ServiceException/),
    'WaitForApproval: catch States.Timeout',
    'Decide: approval.approved = true',
  ]);
  // Where only an answer is missing, the draft is right as it stands.
  expect(cases[1]).toMatchObject({ passed: true });
});

test('an execution becomes a case that passes: secrets and tokens are struck out', async () => {
  const cwd = directory();
  cpSync(join(examples, 'approval'), cwd, { recursive: true });
  const input = JSON.stringify({
    requestId: 'r-77',
    email: 'a@example.com',
    note: 'ask a@example.com',
    pin: '4711',
  });
  const running = start(['start', 'approval', '--input', input, '--follow'], { cwd });
  await running.waitFor(/waits on a task token/);
  const early = await run(['test', '--record', '@last', 'early.flow.yaml', '-o', 'json'], { cwd });
  expect(errorOf(early)).toMatchObject({ code: 'StillRunning', exitCode: 5 });
  expect((await run(['approve', 'r-77', '--yes'], { cwd })).code).toBe(0);
  expect((await running.done).code).toBe(0);
  const args = ['test', '--record', '@last', 'recorded.flow.json', '--scrub', 'pin', '--name', 'as it was'];
  expect((await run(args, { cwd })).code).toBe(0);
  expect((await run([...args, '-o', 'json'], { cwd })).code).toBe(0);
  const text = readFileSync(join(cwd, 'recorded.flow.json'), 'utf8');
  for (const secret of ['a@example.com', '4711']) expect(text).not.toContain(secret);
  const { machine, cases } = JSON.parse(text);
  expect(machine).toBe('approval');
  expect(cases.map(({ name }: { name: string }) => name)).toEqual(['as it was', 'as it was (2)']);
  expect(cases[0]).toMatchObject({
    input: { requestId: 'r-77', email: 'scrubbed-1', note: 'ask scrubbed-1', pin: 'scrubbed-2' },
    answers: { WaitForApproval: { value: { approved: true } } },
    expect: { status: 'SUCCEEDED', path: ['WaitForApproval', 'Decide', 'Approved'] },
  });
  expect((await run(['test', 'recorded.flow.json'], { cwd })).code).toBe(0);
});

test('call: function calls the real local function, whose log can be expected', async () => {
  const cwd = directory();
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ local: { functions: { price: './price.mjs' } } }),
  );
  writeFileSync(
    join(cwd, 'price.mjs'),
    'export const handler = async ({ id }) => { console.log("priced", id); if (id === 0) throw new RangeError("no such product"); return { price: id * 2 }; };',
  );
  const Resource = 'arn:aws:lambda:us-east-1:101010101010:function:price';
  writeFileSync(
    join(cwd, 'm.asl.json'),
    JSON.stringify({ StartAt: 'Price', States: { Price: { Type: 'Task', Resource, End: true } } }),
  );
  const one = (name: string, id: number, expected: object) => ({
    name,
    input: { id },
    answers: { Price: { call: 'function' } },
    expect: expected,
  });
  const cases = [
    one('priced', 21, { output: { price: 42 }, logs: ['priced 21', { $regex: 'priced \\d+' }] }),
    one('unknown', 0, {
      error: 'RangeError',
      cause: { $json: { $contains: { errorMessage: 'no such product' } } },
    }),
    one('wrong', 1, { logs: ['never said'] }),
  ];
  writeFileSync(join(cwd, 'm.flow.json'), JSON.stringify({ machine: './m.asl.json', cases }));
  const { code, stdout } = await run(['test', '-o', 'json'], { cwd });
  const told = JSON.parse(stdout);
  expect({ code, passed: told.passed, failed: told.failed }).toEqual({ code: 1, passed: 2, failed: 1 });
  expect(told.cases[2].differences).toMatchObject([
    { what: 'logs', expected: 'never said', message: 'no line has it' },
  ]);
});

test('JUnit and NDJSON; --watch runs again at a change', async () => {
  const cwd = approval();
  const file = join(cwd, 'approval.flow.yaml');
  change(file, ['duration: 2d', 'duration: 3d']);
  const { stdout } = await run(['test', '--reporter', 'junit'], { cwd });
  expect(stdout).toContain('<testsuite name="approval.flow.yaml" tests="4" failures="1"');
  expect(stdout).toContain('<failure message="duration">');
  const lines = (await run(['test', '-o', 'ndjson'], { cwd })).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(['case', 'case', 'case', 'case', 'coverage']);
  // Those that pass have their lines, too.
  const { cases } = JSON.parse((await run(['test', '-o', 'json'], { cwd })).stdout);
  const text = readFileSync(file, 'utf8').split('\n');
  for (const { line, name } of [...lines.slice(0, 4), ...cases])
    expect(text[line - 1]).toContain(`name: ${name}`);
  const watching = start(['test', '--watch'], { cwd });
  expect(await watching.waitFor(/Waiting for changes/)).toContain('1 failed, 3 passed');
  change(file, ['duration: 3d', 'duration: 2d']);
  await watching.waitFor(/4 passed/);
  watching.signal('SIGINT');
  expect((await watching.done).code).toBe(130);
});

const bad: [what: string, text: string, code: number, where: string | undefined, message: RegExp][] = [
  ['no YAML', 'machine: [\ncases', 2, 'x.flow.yaml:2:1', /can't be read/],
  [
    'an unknown member',
    'machine: approval.asl.json\ncases:\n  - name: a\n    inputs: {}\n',
    2,
    'x.flow.yaml:4:5',
    /inputs is not a known property/,
  ],
  [
    'two answers in one',
    'machine: approval.asl.json\ncases:\n  - name: a\n    answers: { S: { value: 1, error: x } }\n',
    2,
    'x.flow.yaml:4:16',
    /exactly one of value, error/,
  ],
  [
    'a broken matcher',
    "machine: approval.asl.json\ncases:\n  - name: a\n    expect: { output: { id: { $regex: '(' } } }\n",
    2,
    'x.flow.yaml:4:31',
    /regular expression/,
  ],
  [
    'two cases of a name',
    'machine: approval.asl.json\ncases:\n  - name: a\n  - name: a\n',
    2,
    'x.flow.yaml:4:5',
    /two cases/,
  ],
  [
    'a tab',
    'machine: approval.asl.json\ncases:\n\t- name: a\n',
    2,
    'x.flow.yaml:3:1',
    /Tabs are not allowed/,
  ],
  ['nothing', '', 2, 'x.flow.yaml:1:1', /is empty/],
  ['no case', 'machine: approval.asl.json\ncases: []\n', 3, 'x.flow.yaml:2:1', /no cases/],
  [
    'two documents',
    'machine: approval.asl.json\ncases: []\n---\ncases: [{ name: a }]\n',
    2,
    'x.flow.yaml:3:1',
    /second document/,
  ],
  [
    'an alias of nothing',
    'machine: approval.asl.json\ncases:\n  - name: a\n    answers: *nope\n',
    2,
    'x.flow.yaml:4:14',
    /no &nope stands before/,
  ],
  [
    'merge keys',
    'machine: approval.asl.json\ncases:\n  - &a { name: a }\n  - <<: *a\n    name: b\n',
    2,
    'x.flow.yaml:4:5',
    /no merge keys/,
  ],
  [
    'a slip in the name of a state',
    'machine: approval.asl.json\ncases:\n  - name: a\n    answers:\n      WaitForAproval: { never: true }\n',
    2,
    'x.flow.yaml:5:7',
    /no state WaitForAproval that asks anybody; it has: WaitForApproval/,
  ],
  [
    'nested without end',
    `machine: approval.asl.json\ncases:\n  - name: a\n    input: ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
    2,
    expect.stringMatching(/^x\.flow\.yaml:/) as unknown as string,
    /nested more than/,
  ],
  [
    'an alias of itself',
    'machine: approval.asl.json\ncases: &c\n  - name: a\n    input: *c\n',
    2,
    'x.flow.yaml:1:1',
    /nested more than/,
  ],
  [
    'aliases of aliases',
    [
      'machine: approval.asl.json',
      `x0: &x0 [${Array(10).fill('a')}]`,
      ...Array.from({ length: 9 }, (_, n) => `x${n + 1}: &x${n + 1} [${Array(10).fill(`*x${n}`)}]`),
      'cases: []',
    ].join('\n'),
    2,
    expect.stringMatching(/^x\.flow\.yaml:/) as unknown as string,
    /stand for more than 100000 values/,
  ],
  ['no such machine file', 'machine: ./nope.asl.json\ncases: []\n', 2, 'x.flow.yaml:1:1', /nope\.asl\.json/],
  ['no such machine', 'machine: nope\ncases: []\n', 2, 'x.flow.yaml:1:1', /no state machine nope/],
];
test.each(bad)(
  'a bad file (%s) is one error with its place',
  async (_what, text, exitCode, where, message) => {
    const cwd = approval();
    writeFileSync(join(cwd, 'x.flow.yaml'), text);
    const ran = await run(['test', 'x.flow.yaml', '-o', 'json'], { cwd });
    expect(errorOf(ran)).toMatchObject({ exitCode, where, message: expect.stringMatching(message) });
  },
);

test('a member that comes twice is an error in JSON, too, as only one of them would count', async () => {
  const cwd = approval();
  const once = '{"machine":"./approval.asl.json",\n "cases":[{"name":"\\":","answers":{"WaitForApproval":\n';
  const never = '"WaitForApproval":{"never":true}}';
  writeFileSync(join(cwd, 'x.flow.json'), `${once}{"error":"E"},${never}]}`);
  const twice = errorOf(await run(['test', 'x.flow.json', '-o', 'json'], { cwd }));
  expect(twice).toMatchObject({ exitCode: 2, where: 'x.flow.json:3:15' });
  expect(twice.message).toContain("Duplicate field 'WaitForApproval'");
  writeFileSync(join(cwd, 'x.flow.json'), `${once}{"error":"E"}}}]}`);
  expect((await run(['test', 'x.flow.json'], { cwd })).stdout).toContain('because E');

  const machine = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},\n "A":{"Type":"Succeed"}}}';
  writeFileSync(join(cwd, 'twice.asl.json'), machine);
  expect(errorOf(await run(['start', 'twice.asl.json', '-o', 'json'], { cwd }))).toMatchObject({
    exitCode: 2,
    where: 'twice.asl.json:2:2',
  });
});

test('a file of another system is read: UTF-16, a byte order mark, CRLF; anchors are what they stand for', async () => {
  const cwd = approval();
  const text = readFileSync(join(cwd, 'approval.flow.yaml'), 'utf8');
  const anchors = text.replace(
    'value: { approved: true, by: alice }',
    'value: &yes { approved: true, by: alice }',
  );
  const files: Record<string, Buffer> = {
    'utf16.flow.yaml': Buffer.from(`\ufeff${text}`, 'utf16le'),
    'bom.flow.yaml': Buffer.from(`\ufeff${text}`),
    'crlf.flow.yaml': Buffer.from(text.replaceAll('\n', '\r\n')),
    'anchors.flow.yaml': Buffer.from(
      anchors.replace('approval: { approved: true, by: alice }', 'approval: *yes'),
    ),
  };
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(cwd, file), bytes);
  const { stdout, code } = await run(['test', ...Object.keys(files), '-o', 'json'], { cwd });
  expect({ code, passed: JSON.parse(stdout).passed }).toEqual({ code: 0, passed: 16 });
});

test('of a file without cases, --missing drafts them all', async () => {
  const cwd = approval();
  writeFileSync(join(cwd, 'x.flow.yaml'), 'machine: approval.asl.json\ncases: []\n');
  const { code, stdout } = await run(['test', 'x.flow.yaml', '--missing'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('- name: "WaitForApproval: catch States.Timeout"');
});

test('what AWS would refuse of a machine is told with its place; a test file in Shift_JIS with its own', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'x.flow.yaml'), 'machine: ./m.asl.json\ncases: [{ name: a }]\n');
  writeFileSync(join(cwd, 'm.asl.json'), '{"StartAt":"A","States":{\n  "A":{"Type":"Pass","Next":"B"}}}');
  expect(errorOf(await run(['test', '-o', 'json'], { cwd }))).toMatchObject({
    exitCode: 2,
    where: 'm.asl.json:2:22',
    message: expect.stringContaining("Missing 'Next' target: B"),
  });
  const shiftJis = Buffer.from([0x8f, 0xb3, 0x94, 0x46, 0x82, 0xb3, 0x82, 0xea, 0x82, 0xe9]);
  const head = Buffer.from('machine: ./m.asl.json\ncases:\n  - name: ');
  writeFileSync(join(cwd, 'x.flow.yaml'), Buffer.concat([head, shiftJis, Buffer.from('\n')]));
  expect(errorOf(await run(['test', '-o', 'json'], { cwd }))).toMatchObject({
    exitCode: 2,
    where: 'x.flow.yaml:3:11',
    message: 'this is Shift_JIS: save the file as UTF-8',
  });
});

test('of another status the error is told; a state that is not there can neither be avoided nor called', async () => {
  const cwd = approval();
  const text = [
    'machine: approval.asl.json',
    'cases:',
    '  - name: a',
    '    answers: { WaitForApproval: { error: Boom, cause: no reason } }',
    '    expect: { visits: [Nowhere], avoids: [Elsewhere], sent: { Nobody: {} } }',
  ].join('\n');
  writeFileSync(join(cwd, 'x.flow.yaml'), text);
  const { code, stdout } = await run(['test', 'x.flow.yaml'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toContain('+ "FAILED"\n        because Boom: no reason');
  for (const name of ['visits there is no state Nowhere', 'avoids there is no state Elsewhere'])
    expect(stdout).toContain(name);
  expect(stdout).toContain('sent there is no state Nobody');
});

test('long values are shown from where they part; a token in them is struck out before they are cut', async () => {
  const cwd = approval();
  const [same, token] = ['長い'.repeat(20_000), `AQ${'x'.repeat(600)}`];
  const answer = (end: string) => ({ approved: true, text: `${same}${end}`, taskToken: token });
  const one = {
    name: 'a',
    answers: { WaitForApproval: { value: answer('now') } },
    expect: { output: { approval: { $literal: answer('then') } } },
  };
  writeFileSync(join(cwd, 'x.flow.json'), JSON.stringify({ machine: 'approval.asl.json', cases: [one] }));
  const { code, stdout } = await run(['test', 'x.flow.json'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/- "?….{0,60}then/);
  expect(stdout).toMatch(/\+ "?….{0,60}now/);
  expect(stdout).not.toContain(token.slice(0, 100));
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(400);
});

test('without tests, exit code 3', async () => {
  expect(errorOf(await run(['test', '-o', 'json']))).toMatchObject({ exitCode: 3, code: 'NoTests' });
});

test.each([['--update'], ['--missing'], ['--coverage-min', '50'], ['--filter', 'one']])(
  '--record refuses %s, which it would pass over',
  async (...flag) => {
    const refused = errorOf(await run(['test', '--record', '@last', ...flag, '-o', 'json']));
    expect(refused).toMatchObject({ exitCode: 2, code: 'BadUsage', where: flag[0] });
  },
);
