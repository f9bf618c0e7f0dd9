import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { plainYaml } from '../../src/lint/plain-yaml.js';
import { parseYamlSource } from '../../src/lint/yaml-source.js';

const documents = [
  "a: 1\nb:\n  - x\n  - y: 2\n    z: [1, {q: r}]\nc: { d: \"e: f\", g: 'it''s' }\n# end\n",
  'machine: ./a.asl.json\ncases:\n- name: it works # said\n  input: {}\n  expect:\n    duration: 7d\n    path: [A, "B c"]\n',
  'm:\n  - - - a: 1\n        b: 2\n      - x\n    - y\n  - - z\n',
  'a:\n  b:\n    c:\nd: -1.5\ne: true\nf: null\ng: 2026-01-01\nh: http://x.y/z?a#b\ni: a-b c_d\n',
  ...examples(),
];

function examples(): string[] {
  const root = join(import.meta.dirname, '../../examples');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.flow.yaml'))
    .map((file) => readFileSync(join(root, file), 'utf8'));
}

const library = async (text: string): Promise<string> => {
  try {
    return JSON.stringify((await parseYamlSource(text)).value);
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
};

it('reads what test files are written in', async () => {
  for (const text of documents) {
    const value = plainYaml(text);
    expect(value).toBeDefined();
    expect(JSON.stringify(value)).toBe(await library(text));
  }
  const written = stringify({
    machine: 'x',
    cases: [{ name: 'a b', input: { n: [1, 'two', { three: null }] } }],
  });
  expect(plainYaml(written)).toBeDefined();
});

it('leaves to the library what it does not know', () => {
  for (const text of [
    ...[
      'a: &x 1',
      'a: *x',
      'a: !t 1',
      'a: |\n  b',
      'a: >\n  b',
      '? a\n: b',
      'a: 1\na: 2',
      '{a: 1}',
      '- 1',
      'a: b\n  c',
    ],
    ...[
      'a:\t1',
      'a: 0x10',
      'a: 1e3',
      'a: .5',
      'a: ~',
      'a: True',
      '1: a',
      'a: "\\x41"',
      'a: [1,\n 2]',
      '---\na: 1',
      '',
    ],
    ...['a : 1', '<<: {b: 1}', 'a: 012', 'a: +1', '%YAML 1.2', 'a: 12345678901234567890'],
  ])
    expect(plainYaml(text), text).toBeUndefined();
});

it('never reads a text otherwise than the library: 3,000 texts, seeded', async () => {
  let seed = 21;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const alphabet = [
    ...' :-#,[]{}"\'\n\\?&*!|>%@`~.0179eaAé　~\t',
    '  ',
    ': ',
    ' #',
    '\n- ',
    '\n  ',
    'null',
    '1.0',
    '""',
  ];
  let read = 0;
  for (let round = 0; round < 3000; round++) {
    const whole = documents[below(4)] ?? '';
    let text = whole;
    for (let times = 1 + below(3); times > 0; times--) {
      const at = below(text.length);
      text = text.slice(0, at) + (alphabet[below(alphabet.length)] ?? '') + text.slice(at + below(2));
    }
    const value = plainYaml(text);
    if (value === undefined) continue;
    read++;
    expect(JSON.stringify(value), JSON.stringify(text)).toBe(await library(text));
  }
  expect(read).toBeGreaterThan(700);
});
