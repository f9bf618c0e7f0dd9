import { describe, expect, test } from 'vitest';
import { evaluateJsonata } from '../../../src/asl/data/evaluate-jsonata.mjs';
import type { QueryAnswer } from '../../../src/asl/data/jsonata-query.js';
import type { Json } from '../../../src/json/json.js';

const states = { input: { list: [1, 2, 3], none: [], json: ' {"a":[1]} ', object: { a: 1 }, n: 2 } };
async function answer(expression: string): Promise<QueryAnswer | undefined> {
  const [answer] = await evaluateJsonata({
    expressions: [expression],
    states,
    variables: {},
    at: 86_400_000,
  });
  return answer;
}

const NOTHING = 'returned nothing (undefined).';
const threw = (words: string): string => `threw an error during evaluation. ${words}`;
const mismatch = (name: string, argument: number): string =>
  threw(`T0410: Argument ${argument} of function "${name}" does not match function signature`);
const noArray = threw('T0412: Argument 1 of function "partition" must be an array of undefined');
const noAlgorithm = (name: string): string =>
  threw(`D3137: Hash algorithm '${name}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5`);

const table: Record<string, { gives: [string, Json][]; fails: [string, string][] }> = {
  partition: {
    gives: [
      ['$partition([1,2,3], 2)', [[1, 2], [3]]],
      ['$partition($states.input.list, 2.9)', [[1, 2], [3]]],
      ['$partition([1,2,3])', [[1, 2, 3]]],
      ['$partition([{"a":1},"b"], 5)', [[{ a: 1 }, 'b']]],
      ['$partition([], 2)', []],
      ['[1,2,3] ~> $partition(1)', [[1], [2], [3]]],
    ],
    fails: [
      ['$partition([1], 0)', NOTHING],
      ['$partition([1], 0.9)', NOTHING],
      ['$partition([1], -1)', NOTHING],
      ['$partition($states.input.no, 2)', NOTHING],
      ['$partition()', mismatch('partition', 1)],
      ['$partition([1], "2")', mismatch('partition', 2)],
      ['$partition([1], null)', mismatch('partition', 2)],
      ['$partition([1], 2, 99)', mismatch('partition', 3)],
      ['$partition(1, 2)', noArray],
      ['$partition("ab", 1)', noArray],
      ['$partition($states.input.object, 1)', noArray],
      ['$partition(null, 1)', noArray],
    ],
  },
  range: {
    gives: [
      ['$range(0, 10, 3)', [0, 3, 6, 9]],
      ['$range(1.4, 5.6, 2.2)', [1, 3, 5]],
      ['$range(-1.7, 2, 1)', [-1, 0, 1, 2]],
      ['$range(3, 1, -1)', [3, 2, 1]],
      ['$range(1, 9, 9)', 1],
      ['$count($range(1, 200000, 1))', 200_000],
    ],
    fails: [
      ['$range(1, 5, 0)', NOTHING],
      ['$range(1, 10, 0.49)', NOTHING],
      ['$range(1, 5)', NOTHING],
      ['$range(5, 1, 1)', NOTHING],
      ['$range(1, $states.input.no, 1)', NOTHING],
      ['$range()', mismatch('range', 1)],
      ['$range("a", 5, 1)', mismatch('range', 1)],
      ['$range(1, null, 1)', mismatch('range', 2)],
      ['$range(1, 5, true)', mismatch('range', 3)],
      ['$range(1, 5, 1, 99)', mismatch('range', 4)],
      [
        '$count($range(1, 500000, 1))',
        'threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage',
      ],
    ],
  },
  hash: {
    gives: [
      ['$hash("abc", "MD5")', '900150983cd24fb0d6963f7d28e17f72'],
      ['$hash("input", "SHA-1")', '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
      ['$length($hash("", "SHA-384"))', 96],
    ],
    fails: [
      ['$hash($states.input.no, "MD5")', NOTHING],
      ['$hash()', mismatch('hash', 1)],
      ['$hash(1, "MD5")', mismatch('hash', 1)],
      ['$hash("a")', mismatch('hash', 2)],
      ['$hash("a", 1)', mismatch('hash', 2)],
      ['$hash("a", "MD5", 1)', mismatch('hash', 3)],
      ['$hash("data", "UNSUPPORTED")', noAlgorithm('UNSUPPORTED')],
      ['$hash("data", "sha-256")', noAlgorithm('sha-256')],
      ['$hash("data", "constructor")', noAlgorithm('constructor')],
    ],
  },
  random: {
    gives: [
      ['$random(42)', 0.7275636800328681],
      ['$random(42.9)', 0.7275636800328681],
      ['$random(0)', 0.730967787376657],
      ['$random(-1) = $random(-1)', true],
      ['$random() < 1 and $random() != $random()', true],
    ],
    fails: [
      ['$random(null)', mismatch('random', 1)],
      ['$random($states.input.object)', mismatch('random', 1)],
      ['$random(1, 2)', mismatch('random', 2)],
    ],
  },
  uuid: {
    gives: [
      ['$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)', true],
    ],
    fails: [
      ['$uuid("x")', mismatch('uuid', 1)],
      ['$uuid(null)', mismatch('uuid', 1)],
      ['$uuid(1, 2)', mismatch('uuid', 1)],
    ],
  },
  parse: {
    gives: [
      ['$parse($states.input.json)', { a: [1] }],
      ['$parse("null")', null],
      ['$parse("{\\"a\\":1}").a', 1],
    ],
    fails: [
      ['$parse($states.input.no)', NOTHING],
      ['$parse()', mismatch('parse', 1)],
      ['$parse(123)', mismatch('parse', 1)],
      ['$parse($states.input.object)', mismatch('parse', 1)],
      ['$parse("1", 1)', mismatch('parse', 2)],
      ['$parse("{bad json}")', threw('D3137: Invalid JSON')],
      ['$parse("")', threw('D3137: Invalid JSON')],
    ],
  },
  millis: {
    gives: [['$millis()', 86_400_000]],
    fails: [['$millis(1)', mismatch('millis', 1)]],
  },
  now: {
    gives: [
      ['$now()', '1970-01-02T00:00:00.000Z'],
      ['$now("[Y0001]/[H01]", "+0900")', '1970/09'],
    ],
    fails: [['$now(1)', mismatch('now', 1)]],
  },
  eval: {
    gives: [['$exists($eval)', false]],
    fails: [['$eval("1+1")', threw('T1006: Attempted to invoke a non-function')]],
  },
};

describe.each(Object.entries(table))('$%s', (_name, { gives, fails }) => {
  test.each(gives)('%s', async (expression, value) => {
    expect(await answer(expression)).toEqual({ value });
  });
  test.each(fails)('%s fails', async (expression, failure) => {
    expect(await answer(expression)).toEqual({ failure });
  });
});

test.each<[string, Json]>([
  ['1/0', 'Infinity'],
  ['-1/0', '-Infinity'],
  ['[1/0]', ['Infinity']],
  ['{"k": 1e308 * 10, "n": 0/0}', { k: 'Infinity', n: 'NaN' }],
])('%s: what is no number of JSON is told as a text', async (expression, value) => {
  expect(await answer(expression)).toEqual({ value });
});

test('an error that is none of JSONata’s is an internal one', async () => {
  expect(await answer('$encodeUrl("a") & $decodeUrl("%")')).toEqual({
    failure: expect.stringMatching(
      /^threw an (internal error during evaluation\. [0-9a-f-]{36}|error during evaluation\. D)/,
    ),
  });
});

test('a variable of the execution goes before a function of the same name', async () => {
  const [shadowed] = await evaluateJsonata({
    expressions: ['$range'],
    states,
    variables: { range: 'x' },
    at: 0,
  });
  expect(shadowed).toEqual({ value: 'x' });
});
