import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/json/json.js';
import type { Random } from './hostile.js';

export interface JsonataCase {
  name: string;
  expression: string;
  input: Json;
  variables: Record<string, Json>;
}

/** As the tests of the package are written down: an expression, what it looks at, what is bound. */
interface SuiteCase {
  expr?: string;
  'expr-file'?: string;
  data?: Json;
  dataset?: string | null;
  bindings?: Record<string, Json>;
}

/**
 * The cases of a folder with `groups` and `datasets`, as the package's own tests have them. Each is taken as it is, and
 * once more with its data as the context, for on AWS there is none: `$states.input.( … )`.
 */
export function casesOf(folder: string): JsonataCase[] {
  const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
  const datasets = new Map<string, Json>();
  return readdirSync(join(folder, 'groups')).flatMap((group) =>
    readdirSync(join(folder, 'groups', group))
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => {
        const cases = [json('groups', group, file)].flat() as SuiteCase[];
        return cases.flatMap((one, index) => both(one, `${group}/${file}#${index}`, group));
      }),
  );

  function both(one: SuiteCase, name: string, group: string): JsonataCase[] {
    const from = one['expr-file'];
    const expression = one.expr ?? readFileSync(join(folder, 'groups', group, from ?? ''), 'utf8');
    const variables = one.bindings ?? {};
    const data = one.data ?? dataset(one.dataset);
    const plain = { name, expression, input: data ?? {}, variables };
    if (data === undefined || data === null) return [plain];
    return [plain, { ...plain, name: `${name} in context`, expression: `$states.input.(${expression})` }];
  }

  function dataset(name: string | null | undefined): Json | undefined {
    if (!name) return undefined;
    const known = datasets.get(name);
    if (known !== undefined) return known;
    const read = json('datasets', `${name}.json`) as Json;
    datasets.set(name, read);
    return read;
  }
}

const input: Json = {
  order: {
    id: 'o-1',
    lines: [
      { sku: 'a', quantity: 2, price: 3.5, tags: ['x', 'y'] },
      { sku: 'b', quantity: 1, price: 10, tags: [] },
      { sku: 'c', quantity: 0, note: null },
    ],
    'odd name': { deep: [[1, 2], [3]] },
  },
  words: ['delta', 'Alpha', 'charlie', 'bravo'],
  numbers: [3, 1.5, -2, 1e3, 0],
  flag: true,
  text: 'The quick brown fox',
  empty: {},
};

/** Expressions that mostly fit together by their types; one part in twelve is of another, and fails in its own way. */
export function generatedCase(random: Random, number: number): JsonataCase {
  const kind = some(random, ...KINDS);
  const expression = expressionOf(random, kind, 4);
  return { name: `generated ${number}`, expression, input, variables: { v: [1, 2, 3], w: 'wide' } };
}

const some = <T>(random: Random, ...all: T[]): T => all[random(all.length)] as T;

const KINDS = ['number', 'text', 'list', 'object', 'boolean'] as const;
type Kind = (typeof KINDS)[number];
type Of = (kind: Kind) => string;
type Shape = (of: Of, pick: (...all: string[]) => string) => string;

const LEAVES: Record<Kind, string[]> = {
  number: [
    '1',
    '0',
    '-2.5',
    '7',
    '$v[0]',
    '$states.input.numbers[1]',
    '$states.input.order.lines[0].price',
    '$no',
  ],
  text: [
    '"a"',
    "'it'",
    '""',
    '$w',
    '$states.input.text',
    '$states.input.order.lines.sku[0]',
    '$states.input.words[1]',
  ],
  list: [
    '[]',
    '$v',
    '["b", "a"]',
    '[[1], 2]',
    '$states.input.order.lines',
    '$states.input.words',
    '$states.input.numbers',
  ],
  object: [
    '{}',
    '{"k": 1}',
    '$states.input.order',
    '$states.input.order.lines[0]',
    '$states.input',
    '$states.input.no',
  ],
  boolean: ['true', 'false', '$states.input.flag', 'null'],
};

const ANY: Shape[] = [
  (of, pick) => `(${of(pick(...KINDS) as Kind)})`,
  (of) => `${of('boolean')} ? ${of('number')} : ${of('text')}`,
  (of) => `($x := ${of('list')}; $x[${of('number')}])`,
  (of) => `(${of('list')})[0]`,
  (of, pick) => `(${of('object')}).${pick('sku', 'price', 'k', 'lines', '*', '**', '`odd name`', 'tags')}`,
  (of, pick) => `${of('object')} ${pick('??', '?:')} ${of('text')}`,
  (of, pick) => `$lookup(${of('object')}, ${pick('"k"', '"sku"', '"id"')})`,
  (of, pick) => `$${pick('single', 'filter')}(${of('list')}, function($e, $i){ $i = ${of('number')} })`,
];

const SHAPES: Record<Kind, Shape[]> = {
  number: [
    (of, pick) => `${of('number')} ${pick('+', '-', '*', '/', '%')} ${of('number')}`,
    (of, pick) => `$${pick('count', 'length')}(${of('text')})`,
    (_, pick) =>
      `$${pick('sum', 'max', 'min', 'average')}($states.input.${pick('numbers', 'order.lines.price')})`,
    (of, pick) => `$${pick('floor', 'ceil', 'round', 'abs', 'number')}(${of('number')})`,
    (of) => `$count(${of('list')})`,
    (of) => `$reduce(${of('list')}, function($a, $e){ $a + ${of('number')} }, 0)`,
    (of) => `$power(${of('number')}, 2)`,
    (of) => `(${of('list')} ~> $count()) * (quantity * 2)`,
  ],
  text: [
    (of) => `${of('text')} & ${of('number')}`,
    (of, pick) =>
      `$${pick('uppercase', 'lowercase', 'trim', 'base64encode', 'encodeUrlComponent')}(${of('text')})`,
    (of, pick) => `$${pick('string', 'type')}(${of('object')})`,
    (of) => `$substring(${of('text')}, ${of('number')}, 3)`,
    (of, pick) => `$${pick('substringBefore', 'substringAfter')}(${of('text')}, "a")`,
    (of, pick) => `$join($split(${of('text')}, ${pick('" "', '/[aeiou]/', '""')}), ${of('text')})`,
    (of, pick) => `$replace(${of('text')}, /${pick('[aeiou]', '(q)(u)', '^T')}/, ${of('text')})`,
    (of, pick) => `$formatNumber(${of('number')}, ${pick('"#,##0.00"', '"00"', '"0.#%"')})`,
    (of) => `$pad(${of('text')}, 9, "-")`,
    (of) => `(function($n){ $n & ${of('text')} })(${of('number')})`,
  ],
  list: [
    (of) => `[${of('number')}, ${of('text')}]`,
    (of) => `[${of('number')}..${of('number')}]`,
    (of) => `$append(${of('list')}, ${of('object')})`,
    (of) => `$map(${of('list')}, function($e, $i){ ${of('text')} & $i })`,
    (of, pick) => `$${pick('reverse', 'distinct', 'spread', 'shuffle')}(${of('list')})`,
    (of) => `$sort($states.input.numbers, function($a, $b){ $a > $b + ${of('number')} })`,
    (of) => `$zip(${of('list')}, ${of('list')})`,
    (of) => `$states.input.order.lines[quantity >= ${of('number')}].sku`,
    (of) => `$states.input.order.lines^(>price, sku).{"s": sku, "x": ${of('number')}}`,
    (of) => `$partition(${of('list')}, ${of('number')})`,
    (of, pick) => `$${pick('keys', 'each')}(${of('object')}${pick('', ', function($x, $k){ $k }')})`,
    (of) => `$match(${of('text')}, /[a-c]/).match`,
  ],
  object: [
    (of) => `{"k": ${of('number')}, ${of('text')}: ${of('list')}}`,
    (of) => `$merge([${of('object')}, ${of('object')}])`,
    (of) => `$states.input.order.lines{sku: ${of('number')}}`,
    (of) => `(${of('object')}) ~> |$|{"added": ${of('boolean')}}, "k"|`,
    (of) => `$sift(${of('object')}, function($x, $k){ $k != ${of('text')} })`,
  ],
  boolean: [
    (of, pick) => `${of('number')} ${pick('=', '!=', '<', '>=')} ${of('number')}`,
    (of, pick) => `${of('boolean')} ${pick('and', 'or')} ${of('boolean')}`,
    (of) => `${of('text')} in ${of('list')}`,
    (of, pick) => `$${pick('not', 'exists', 'boolean')}(${of('object')})`,
    (of) => `$contains(${of('text')}, "e")`,
  ],
};

function expressionOf(random: Random, kind: Kind, depth: number): string {
  const wanted = random(12) === 0 ? some(random, ...KINDS) : kind;
  if (depth === 0 || random(6) === 0) return some(random, ...LEAVES[wanted]);
  const shapes = random(6) === 0 ? ANY : SHAPES[wanted];
  const of: Of = (inner) => expressionOf(random, inner, depth - 1);
  return some(random, ...shapes)(of, (...all) => some(random, ...all));
}
