import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostileTexts } from '../../hostile-texts.js';
import { directory, errorOf, run } from '../world.js';

const pass = (names: string[]) => ({
  StartAt: names[0],
  States: Object.fromEntries(
    names.map((name, index) => [
      name,
      { Type: 'Pass', ...(names[index + 1] === undefined ? { End: true } : { Next: names[index + 1] }) },
    ]),
  ),
});

function project(machine: object, test: object | string, ending = 'json'): string {
  const cwd = directory();
  writeFileSync(join(cwd, 'm.asl.json'), JSON.stringify(machine));
  writeFileSync(
    join(cwd, `m.flow.${ending}`),
    typeof test === 'string' ? test : JSON.stringify(test, null, 2),
  );
  return cwd;
}

/** Elements and attributes that the schemas of Jenkins (xunit plugin) and pytest (xunit2) know, in their order. */
const schema: Record<string, { attributes: string[]; required: string[]; inside: string[] }> = {
  testsuites: {
    attributes: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'],
    required: [],
    inside: ['testsuite'],
  },
  testsuite: {
    attributes: [
      'name',
      'tests',
      'failures',
      'errors',
      'time',
      'disabled',
      'skipped',
      'timestamp',
      'hostname',
      'id',
      'package',
    ],
    required: ['name', 'tests'],
    inside: ['testcase'],
  },
  testcase: {
    attributes: ['name', 'classname', 'status', 'assertions', 'time'],
    required: ['name'],
    inside: ['failure'],
  },
  failure: { attributes: ['message', 'type'], required: [], inside: [] },
};

/** Reads XML strictly, and holds it against the schema. @returns the names of the cases */
function checked(xml: string): string[] {
  const [, body = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n([\s\S]*)$/.exec(xml) ?? [];
  const open: string[] = [];
  const cases: string[] = [];
  const tag = /<(\/?)(\w+)((?: \w+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let found = tag.exec(body); found; found = tag.exec(body)) {
    end = tag.lastIndex;
    const [, closes, name = '', attributes = '', empty, text] = found;
    if (text !== undefined) {
      if (open.at(-1) !== 'failure') expect(text.trim()).toBe('');
      expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
      continue;
    }
    if (closes) {
      expect(open.pop()).toBe(name);
      continue;
    }
    const rules = schema[name];
    if (!rules) throw new Error(`no element ${name}`);
    const above = open.at(-1);
    if (above === undefined) expect(name).toBe('testsuites');
    else expect(schema[above]?.inside).toContain(name);
    const given = [...attributes.matchAll(/ (\w+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );
    for (const [key, value] of given) {
      expect(rules.attributes, `${name} ${key}`).toContain(key);
      if (['tests', 'failures', 'errors'].includes(key)) expect(value).toMatch(/^\d+$/);
      if (key === 'time') expect(value).toMatch(/^\d+\.\d{3}$/);
      expect(value).not.toMatch(/&(?!amp;|lt;|gt;|quot;)|(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u);
    }
    for (const key of rules.required) expect(given.map(([known]) => known)).toContain(key);
    if (name === 'testcase') cases.push(given.find(([key]) => key === 'name')?.[1] ?? '');
    if (!empty) open.push(name);
  }
  expect({ open, rest: body.slice(end) }).toEqual({ open: [], rest: '' });
  return cases;
}

test('JUnit is what its schemas allow, whatever cases and states are called', async () => {
  const names = [...hostileTexts, '</testcase><testcase name="x">', 'a "b" & <c>'];
  const cases = names.flatMap((name, index) => [
    { name: `${index} ${name}` },
    { name: `${index} fails ${name}`, input: { [name]: name }, expect: { output: { [name]: 1 } } },
  ]);
  const cwd = project(pass(['A']), { machine: './m.asl.json', cases });
  const { stdout, code } = await run(['test', '--reporter', 'junit'], { cwd });
  expect(code).toBe(1);
  expect(checked(stdout)).toHaveLength(cases.length);
  expect(stdout).toContain(`tests="${cases.length}" failures="${names.length}"`);
});

test('the page of the coverage is text and pictures, whatever states are called: it runs and loads nothing', async () => {
  const hostile = [
    '</code><script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "x' onclick='a",
    ']]><b>',
    'line\u202egpj.exe',
  ];
  const cwd = project(pass(['Start', ...hostile]), { machine: './m.asl.json', cases: [] });
  writeFileSync(
    join(cwd, 'm.flow.json'),
    JSON.stringify({ machine: { file: './m.asl.json' }, cases: [{ name: 'a' }] }),
  );
  expect((await run(['test', '--coverage-dir', 'out'], { cwd })).code).toBe(0);
  const files = ['out/index.html', 'out/m.svg'].map((file) => readFileSync(join(cwd, file), 'utf8'));
  for (const text of files) {
    const tags = [...text.matchAll(/<\/?([a-z][\w-]*)([^>]*)>/gi)];
    expect(tags.map(([, name]) => name?.toLowerCase())).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(script|img|iframe|link|object|b)$/)]),
    );
    for (const [, , attributes = ''] of tags) expect(attributes).not.toMatch(/(?:^|\s)on\w+\s*=/i);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  }
  expect(files[0]).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
  );
});

const wait = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 90, End: true } } };

test('a duration is exact, or within bounds', async () => {
  const durations: [unknown, boolean][] = [
    ['90s', true],
    ['1.5m', true],
    [90, true],
    ['91s', false],
    [{ min: '1m', max: '2m' }, true],
    [{ min: '90s' }, true],
    [{ max: 90 }, true],
    [{ min: '90001ms' }, false],
    [{ max: '89s' }, false],
  ];
  const cases = durations.map(([duration], index) => ({ name: `${index}`, expect: { duration } }));
  const cwd = project(wait, { machine: './m.asl.json', cases });
  const told = JSON.parse((await run(['test', '-o', 'json'], { cwd })).stdout).cases;
  expect(told.map(({ passed }: { passed: boolean }) => passed)).toEqual(durations.map(([, fits]) => fits));
  expect(told[3].differences).toMatchObject([{ what: 'duration', expected: '91s', actual: '90s' }]);
});

test('--update leaves comments, quotes, order and blank lines as they are', async () => {
  const text = [
    '# Tests of the wait. Keep.',
    "machine: './m.asl.json' # beside this file",
    '',
    'cases:',
    '  # the first',
    '  - name: "long"   # why',
    '    expect:',
    '      duration: 2m # was longer once',
    '',
    '      path: [Wait,   Gone]',
    "  - { name: 'in one line', expect: { duration: 90s } }",
    '# the end',
    '',
  ].join('\n');
  const cwd = project(wait, text, 'yaml');
  expect((await run(['test', '--update'], { cwd })).code).toBe(0);
  const after = readFileSync(join(cwd, 'm.flow.yaml'), 'utf8');
  expect(after).toBe(text.replace('duration: 2m', 'duration: 90s').replace('[Wait,   Gone]', '[Wait]'));
  expect((await run(['test'], { cwd })).code).toBe(0);
});

test('--parallel changes nothing of what is told; --coverage-min counts what is just enough', async () => {
  const cases = Array.from({ length: 12 }, (_, index) => ({
    name: `case ${index}`,
    expect: { duration: 90 },
  }));
  const cwd = project(wait, { machine: './m.asl.json', cases });
  const told = async (parallel: string): Promise<unknown> =>
    JSON.parse((await run(['test', '--parallel', parallel, '-o', 'json'], { cwd })).stdout).cases.map(
      ({ milliseconds: _, ...one }: { milliseconds: number }) => one,
    );
  expect(await told('1')).toEqual(await told('50'));
  expect(errorOf(await run(['test', '--parallel', '0', '-o', 'json'], { cwd }))).toMatchObject({
    exitCode: 2,
  });
  writeFileSync(
    join(cwd, 'm.asl.json'),
    JSON.stringify({
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'A' }], Default: 'B' },
        A: { Type: 'Pass', End: true },
        B: { Type: 'Pass', End: true },
      },
    }),
  );
  writeFileSync(
    join(cwd, 'm.flow.json'),
    JSON.stringify({ machine: './m.asl.json', cases: [{ name: 'b' }] }),
  );
  // C, B, C → B and the default, of seven.
  for (const [least, code] of [
    ['57.1', 0],
    ['57.2', 1],
    ['57%', 0],
    ['100', 1],
  ] as const)
    expect((await run(['test', '--coverage-min', least], { cwd })).code, least).toBe(code);
  expect((await run(['test', '--coverage-min', '101'], { cwd })).code).toBe(2);
});

test('a recorded case has nothing of what an SDK tells of a call, unless the state machine reads it', async () => {
  const cwd = directory();
  const machine = (more: object) => ({
    StartAt: 'Price',
    States: {
      Price: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'price', 'Payload.$': '$' },
        ...more,
        Next: 'Fail',
      },
      Fail: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'fail' },
        End: true,
      },
    },
  });
  writeFileSync(join(cwd, 'paid.asl.json'), JSON.stringify(machine({ OutputPath: '$.Payload' })));
  writeFileSync(join(cwd, 'code.asl.json'), JSON.stringify(machine({ OutputPath: '$.StatusCode' })));
  const functions = { price: './f.cjs.price', fail: './f.cjs.fail' };
  const machines = { paid: './paid.asl.json', code: './code.asl.json' };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local: { machines, functions } }));
  writeFileSync(
    join(cwd, 'f.cjs'),
    `exports.price = async () => ({ price: 2 });
     exports.fail = async () => { throw new RangeError('too much'); };`,
  );
  const recorded = async (name: string) => {
    expect((await run(['start', name, '--follow'], { cwd })).code).toBe(1);
    const { code } = await run(['test', '--record', '@last', `${name}.flow.json`], { cwd });
    expect(code).toBe(0);
    return JSON.parse(readFileSync(join(cwd, `${name}.flow.json`), 'utf8')).cases[0];
  };
  const paid = await recorded('paid');
  expect(paid.answers.Price.value).toEqual({ Payload: { price: 2 } });
  expect(paid.answers.Fail).toMatchObject({
    error: 'RangeError',
    cause: expect.stringContaining('too much'),
  });
  expect(paid.expect).toEqual({ status: 'FAILED', error: 'RangeError', path: ['Price', 'Fail'] });
  expect((await recorded('code')).answers.Price.value).toMatchObject({ StatusCode: 200 });
});
