import { describe, expect, test } from 'vitest';
import { INTRINSICS } from '../../../src/asl/data/intrinsics.js';
import { evaluateExpression, parseExpression } from '../../../src/asl/data/path-or-intrinsic.js';
import type { Scope } from '../../../src/asl/data/scope.js';
import { fromJson } from '../../../src/asl/data/value.js';
import { Work } from '../../../src/asl/data/work-limit.js';
import type { Json } from '../../../src/json/json.js';
import { output, simulate, single } from '../simulate.js';

const input: Json = {
  list: [1, 2, 3],
  none: [],
  object: { a: 1, b: 'x', c: { d: [true, null] } },
  json: '{"z": [1]}',
  s: 'text',
  n: 7,
  long: 'x'.repeat(10_001),
  limit: 'x'.repeat(10_000),
};
const scope: Scope = {
  input: fromJson(input),
  context: () => fromJson({ Execution: { Name: 'run' } }),
  variable: () => undefined,
  random: () => 0.5,
  work: new Work(),
  states: () => ({}),
};
const evaluate = (text: string): Json => evaluateExpression(parseExpression(text), scope, 'f.$');

/** Calls of each function, without `States.`: what they give, and those that AWS refuses when they are run. */
const table: Record<string, { gives: [string, Json][]; fails: string[] }> = {
  Format: {
    gives: [
      ["Format('Hello, {} of {}', $.s, $$.Execution.Name)", 'Hello, text of run'],
      ["Format('{} {} {}', $.object, $.list, $.none)", '{a=1, b=x, c={d=[true, null]}} [1, 2, 3] []'],
      ["Format('\\{\\} \\\\ it\\'s {}', 1)", "{} \\ it's 1"],
      ["Format('{}{}{}{}', null, false, -1.5, 10)", 'nullfalse-1.510'],
      ["Format('{} {} {}', 0.0001, 12345678.5, 1e21)", '1.0E-4 1.23456785E7 1.0E21'],
      ["Format('{} {} {} {}', 0.0, 1e3, 12345678901234567890, -0)", '0.0 1000.0 12345678901234567890 0'],
      ["Format('')", ''],
    ],
    fails: [
      'Format()',
      "Format('{}')",
      "Format('x', 1)",
      "Format('{} {}', 1)",
      'Format(1)',
      'Format($.n, 1)',
    ],
  },
  StringToJson: {
    gives: [
      ['StringToJson($.json)', { z: [1] }],
      ["StringToJson(' null ')", null],
      ["StringToJson('1.5')", 1.5],
      ["StringToJson('')", null],
      ["StringToJson(' \t')", null],
    ],
    fails: [
      'StringToJson()',
      'StringToJson($.s)',
      'StringToJson($.list)',
      'StringToJson(1)',
      "StringToJson('1', 2)",
    ],
  },
  JsonToString: {
    gives: [
      [
        'JsonToString(States.ArrayUnique(States.Array(1, 1.0, 1.00, 2, 12345678901234567890)))',
        '[1.0,1,2,12345678901234567890]',
      ],
      [
        `JsonToString(States.JsonMerge(States.StringToJson('{"constant_in_literal":1}'), States.StringToJson('{"constant_input_field":2}'), false))`,
        '{"constant_input_field":2,"constant_in_literal":1}',
      ],
      ['JsonToString($.object)', '{"a":1,"b":"x","c":{"d":[true,null]}}'],
      ['JsonToString($.s)', '"text"'],
      ['JsonToString(null)', 'null'],
    ],
    fails: [],
  },
  Array: {
    gives: [
      ["Array(1, 'two', $.n, null, true)", [1, 'two', 7, null, true]],
      ['Array()', []],
      ['Array( )', []],
      ['Array(States.Array( $.n , 2))', [[7, 2]]],
    ],
    fails: [],
  },
  ArrayPartition: {
    gives: [
      ['ArrayPartition($.list, 2)', [[1, 2], [3]]],
      ['ArrayPartition($.list, 2.9)', [[1, 2], [3]]],
      ['ArrayPartition($.list, 9)', [[1, 2, 3]]],
      ['ArrayPartition($.none, 1)', []],
    ],
    fails: [
      ...['ArrayPartition($.list)', 'ArrayPartition($.list, 2, 9)', 'ArrayPartition($.list, 0)'],
      ...['ArrayPartition($.list, 0.9)', 'ArrayPartition($.list, -1)', "ArrayPartition($.list, '2')"],
      ...["ArrayPartition('x', 2)", 'ArrayPartition($.object, 2)', 'ArrayPartition(null, 2)'],
    ],
  },
  ArrayContains: {
    gives: [
      ['ArrayContains($.list, 2)', true],
      ["ArrayContains($.list, '2')", true],
      ["ArrayContains(States.Array('true'), true)", true],
      ["ArrayContains(States.Array(null), 'null')", true],
      ['ArrayContains(States.Array($.object), $.object)', true],
      ['ArrayContains(States.Array($.object), States.StringToJson(\'{"b":"x","a":1}\'))', false],
      ["ArrayContains(States.Array(1.0), '1.0')", true],
      ['ArrayContains(States.Array(1.0), 1)', false],
      ['ArrayContains($.none, null)', false],
      ['ArrayContains($.list, 4)', false],
    ],
    fails: ['ArrayContains($.list)', 'ArrayContains($.list, 2, 9)', "ArrayContains('abc', 'a')"],
  },
  ArrayRange: {
    gives: [
      ['ArrayRange(1, 9, 3)', [1, 4, 7]],
      ['ArrayRange(3, 1, -1)', [3, 2, 1]],
      ['ArrayRange(5.4, -0.6, -2.4)', [5, 3, 1]],
      ['ArrayRange(1.6, 1.4, 1)', [1]],
      ['ArrayRange(-0.5, 1, 1)', [0, 1]],
      ['ArrayRange(3, 3, -1)', [3]],
      ['ArrayRange(1, 5, -1)', []],
      ['ArrayRange(1, 1000, 1)', Array.from({ length: 1000 }, (_, index) => index + 1)],
    ],
    fails: [
      ...['ArrayRange(1, 1001, 1)', 'ArrayRange(1, 5, 0)', 'ArrayRange(1, 5, 0.9)', 'ArrayRange(1, 5)'],
      ...[
        'ArrayRange(1, 5, 1, 9)',
        "ArrayRange('1', 5, 1)",
        'ArrayRange(1, null, 1)',
        'ArrayRange(1, 5, true)',
      ],
    ],
  },
  ArrayGetItem: {
    gives: [
      ['ArrayGetItem($.list, 1)', 2],
      ['ArrayGetItem($.list, 1.9)', 2],
      ['ArrayGetItem(States.Array(null), 0)', null],
      ['ArrayGetItem($.none, 999)', null],
    ],
    fails: [
      ...['ArrayGetItem($.list, 3)', 'ArrayGetItem($.list, -1)', 'ArrayGetItem($.none, -1)'],
      ...["ArrayGetItem($.list, '1')", 'ArrayGetItem($.list)', 'ArrayGetItem($.list, 1, 1)'],
      'ArrayGetItem($.s, 0)',
    ],
  },
  ArrayLength: {
    gives: [
      ['ArrayLength($.list)', 3],
      ['ArrayLength($.list[?(@ > 1)])', 2],
      ['ArrayLength($.none)', 0],
    ],
    fails: ['ArrayLength()', 'ArrayLength($.list, 1)', 'ArrayLength($.object)', "ArrayLength('abc')"],
  },
  ArrayUnique: {
    gives: [
      ['ArrayUnique(States.Array(1, 2, 1, 3, 2, 4))', [1, 2, 3, 4]],
      [
        "ArrayUnique(States.StringToJson('[[1,2],[1,2],[2,1]]'))",
        [
          [2, 1],
          [1, 2],
        ],
      ],
      ['ArrayUnique(States.StringToJson(\'[{"a":1,"b":2},{"b":2,"a":1}]\'))', [{ a: 1, b: 2 }]],
      ["ArrayUnique(States.Array('b', 'a', 'b', null, -1, 4294967297))", [null, -1, 4294967297, 'a', 'b']],
    ],
    fails: ['ArrayUnique()', 'ArrayUnique($.list, 1)', 'ArrayUnique($.object)', "ArrayUnique('abc')"],
  },
  Base64Encode: {
    gives: [
      ["Base64Encode('Hello')", 'SGVsbG8='],
      ["Base64Encode('é')", 'w6k='],
      ["Base64Encode('')", ''],
      ['Base64Encode($.limit)', Buffer.from('x'.repeat(10_000)).toString('base64')],
    ],
    fails: [
      'Base64Encode()',
      "Base64Encode('a', 'b')",
      'Base64Encode(1)',
      'Base64Encode($.list)',
      'Base64Encode($.long)',
    ],
  },
  Base64Decode: {
    gives: [
      ["Base64Decode('SGVsbG8=')", 'Hello'],
      ["Base64Decode('SGVsbG8')", 'Hello'],
      ["Base64Decode('')", ''],
    ],
    fails: [
      ...[
        "Base64Decode('SGVsb')",
        "Base64Decode('SG=')",
        "Base64Decode('SGVsbG8==')",
        "Base64Decode('SG V')",
      ],
      ...[
        "Base64Decode('_-8=')",
        'Base64Decode()',
        'Base64Decode(1)',
        'Base64Decode($.long)',
        'Base64Decode($.object)',
      ],
    ],
  },
  Hash: {
    gives: [
      ["Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
      ["Hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
      ["Hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ],
    fails: [
      ...["Hash('abc')", "Hash('abc', 'sha-256')", "Hash('abc', 'SHA-256', 'x')", "Hash('abc', 123)"],
      ...["Hash($.long, 'MD5')", "Hash('abc', 'constructor')"],
    ],
  },
  JsonMerge: {
    gives: [
      [
        'JsonMerge($.object, States.StringToJson($.json), false)',
        { a: 1, b: 'x', c: { d: [true, null] }, z: [1] },
      ],
      [
        'JsonMerge($.object, States.StringToJson(\'{"a":{}}\'), true)',
        { a: {}, b: 'x', c: { d: [true, null] } },
      ],
      ["JsonMerge($.object, $.object, 'x')", { a: 1, b: 'x', c: { d: [true, null] } }],
    ],
    fails: [
      ...[
        'JsonMerge($.object, $.object)',
        'JsonMerge($.object, $.list, false)',
        'JsonMerge(null, $.object, false)',
      ],
      ...['JsonMerge($.object, $.s, false)', 'JsonMerge($.object, $.object, false, 1)'],
    ],
  },
  MathRandom: {
    gives: [
      ['MathRandom(0, 10)', 5],
      ['MathRandom(1.9, 3.9)', 2],
      ['MathRandom(0, 10, 42)', 0],
      ['MathRandom(0, 1000, 42)', 130],
      ['MathRandom(0, 1024, 42)', 745],
    ],
    fails: [
      ...[
        'MathRandom(1, 1)',
        'MathRandom(1.4, 1.6)',
        'MathRandom(2, 1)',
        'MathRandom(1)',
        'MathRandom(1, 2, 3, 4)',
      ],
      ...["MathRandom('a', 10)", 'MathRandom(1, null)', 'MathRandom(1, 10, null)', "MathRandom(1, 10, 'x')"],
    ],
  },
  MathAdd: {
    gives: [
      ['MathAdd($.n, -1)', 6],
      ['MathAdd(-2147483648, 0)', -2147483648],
      ['MathAdd(2147483646, 1)', 2147483647],
      ['MathAdd(1.5, -1.4)', 1],
    ],
    fails: [
      ...['MathAdd(1)', 'MathAdd(1, 2, 3)', "MathAdd('1', 2)", 'MathAdd(true, 1)', 'MathAdd(1, null)'],
      ...[
        'MathAdd(2147483647, 1)',
        'MathAdd(-2147483648, -1)',
        'MathAdd(2147483648, 0)',
        'MathAdd(0, -3000000000)',
      ],
    ],
  },
  StringSplit: {
    gives: [
      ["StringSplit('1,2.3', ',.')", ['1', '2', '3']],
      ["StringSplit(',a,,b,', ',')", ['a', 'b']],
      ["StringSplit(',', ',')", []],
      ["StringSplit('', ',')", []],
      ["StringSplit('a b', '')", ['a b']],
      ["StringSplit('', '')", []],
    ],
    fails: [
      "StringSplit('a')",
      "StringSplit('a', ',', 1)",
      "StringSplit(1, ',')",
      "StringSplit('a', 1)",
      "StringSplit(null, ',')",
    ],
  },
  UUID: { gives: [], fails: [] },
};

test('every function is in the table', () => {
  expect(Object.keys(table)).toEqual([...INTRINSICS.keys()]);
});

describe.each(Object.entries(table).filter(([name]) => name !== 'UUID'))(
  'States.%s',
  (name, { gives, fails }) => {
    test.each(gives)('%s', (call, expected) => {
      expect(evaluate(`States.${call}`)).toEqual(expected);
    });

    if (fails.length > 0)
      test.each(fails)('%s fails', (call) => {
        const text = `States.${call}`;
        expect(() => evaluate(text)).toThrow(
          expect.objectContaining({
            error: 'States.Runtime',
            reason: `There was an error while evaluating the intrinsic function: ${text}. Invalid arguments in States.${name}`,
          }),
        );
      });
  },
);

test.each([
  ['States.JsonToString()', 'Invalid arguments in States.JsonToString: only a single argument is allowed.'],
  [
    'States.JsonToString(1, 2)',
    'Invalid arguments in States.JsonToString: only a single argument is allowed.',
  ],
  ["States.Format('Hello {{}}', 1)", "Invalid template in States.Format: matching '}' not found for '{'."],
  ["States.Format('{', 1)", "Invalid template in States.Format: matching '}' not found for '{'."],
  // Of calls within calls, the text is all of the field's.
  ['States.Array(States.MathAdd(1))', 'Invalid arguments in States.MathAdd'],
])('%s has words of its own', (text, words) => {
  expect(() => evaluate(text)).toThrow(
    `There was an error while evaluating the intrinsic function: ${text}. ${words}`,
  );
});

test.each([
  ['States.StringToJson($.no)', '$.no'],
  ["States.Format('{}', States.Array($.s, $.list[0].x))", '$.list[0].x'],
])('%s names the path that led nowhere', (text, path) => {
  expect(() => evaluate(text)).toThrow(
    `The function '${text}' had the following error: The JsonPath argument for the field '${path}' could not be found in the input '`,
  );
});

test('UUID draws from the execution, so that a replay draws the same, and looks at no argument', () => {
  expect(evaluate('States.UUID()')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(evaluate('States.UUID()')).toBe(evaluate('States.UUID(1, null)'));
});

test('neither Retry nor Catch takes a call that failed', () => {
  const { execution, events } = simulate({
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [single({ Type: 'Pass', Parameters: { 'v.$': 'States.MathAdd(1)' } })],
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Succeed' },
    },
  });
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringMatching(
      /^An error occurred while executing the state 'S' \(entered at the event id #4\)\. There was/,
    ),
  });
  expect(events.filter(({ type }) => type === 'ParallelStateEntered')).toHaveLength(1);
});

test('InputPath gives null behind the end of an array; a choice finds nothing there', () => {
  const choice = {
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Variable: '$.a[5]', IsPresent: true, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: 'yes', End: true },
      No: { Type: 'Pass', InputPath: '$.a[5]', End: true },
    },
  };
  expect(output(simulate(choice, { a: [1] }))).toBeNull();
});
