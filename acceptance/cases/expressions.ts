import { type ExecutionCase, jsonata, machine, single } from './case.js';

/** A Pass whose output is what each expression gives. */
const table = (id: string, expressions: { [name: string]: string }, input = '{}'): ExecutionCase => ({
  id,
  definition: single(
    {
      Type: 'Pass',
      Output: Object.fromEntries(
        Object.entries(expressions).map(([name, expression]) => [name, `{% ${expression} %}`]),
      ),
    },
    jsonata,
  ),
  input,
});

const fails = (id: string, expression: string): ExecutionCase => ({
  id: `jsonata-fails-${id}`,
  definition: machine(
    {
      Try: { Type: 'Pass', Output: `{% ${expression} %}`, End: true },
    },
    jsonata,
  ),
});

/** JSONata, and the fields that take it. */
export const expressions: ExecutionCase[] = [
  table(
    'jsonata-texts',
    {
      upper: '$uppercase($states.input.t)',
      part: '$substring($states.input.t, 1, 3)',
      pad: "$pad('x', -5, '#')",
      split: "$split('a-b-c', '-', 2)",
      join: "$join(['a', 'b'], '+')",
      match: "$match('ababbabbcc', /a(b+)/)[1].groups[0]",
      replace: "$replace('abracadabra', /a(.)/, '[$1]')",
      contains: "$contains('日本語', '本')",
      base64: "$base64encode('text')",
      url: "$encodeUrlComponent('a b&c')",
      number: "$formatNumber(1234.5678, '#,##0.00')",
      base: '$formatBase(100, 16)',
      length: "$length('日本語')",
      trim: "$trim('  a   b ')",
    },
    '{"t":"texts"}',
  ),
  table('jsonata-arrays', {
    sum: '$sum([1, 2.5, 3])',
    average: '$average([1, 2])',
    max: '$max([3, 9, 2])',
    sorted: '$sort([3, 1, 2], function($a, $b) { $a < $b })',
    mapped: '$map([1..3], function($v, $i) { $v * $i })',
    filtered: '$filter([1..6], function($v) { $v % 2 = 0 })',
    reduced: '$reduce([1..5], function($a, $b) { $a + $b })',
    single: '$single([1, 2, 3], function($v) { $v = 2 })',
    distinct: '$distinct([1, 2, 2, 1])',
    reverse: '$reverse([1..3])',
    zip: '$zip([1, 2], [3, 4])',
    append: '$append([1], 2)',
    count: '$count([])',
    one: '[1][0]',
  }),
  table(
    'jsonata-objects',
    {
      keys: '$keys($states.input.o)',
      merged: "$merge([{'a': 1}, {'b': 2}])",
      spread: "$spread({'a': 1, 'b': 2})",
      lookup: "$lookup($states.input.o, 'a')",
      sift: '$sift($states.input.o, function($v) { $v > 1 })',
      each: "$each($states.input.o, function($v, $k) { $k & '=' & $v })",
      type: '$type($states.input.o)',
      exists: '$exists($states.input.none)',
      grouped: '$states.input.list{k: $sum(v)}',
      ordered: '$states.input.list^(>v).v',
      text: '$string($states.input.o)',
      boolean: "$boolean('')",
    },
    '{"o":{"a":1,"b":2},"list":[{"k":"x","v":1},{"k":"y","v":2},{"k":"x","v":3}]}',
  ),
  table('jsonata-numbers', {
    round: '$round(2.345, 2)',
    half: '$round(2.5)',
    power: '$power(2, 10)',
    root: '$sqrt(2)',
    floor: '$floor(-1.5)',
    number: "$number('0x1f')",
    divided: '1 / 3',
    large: '1e21 + 1',
    negative: '0 - 0.1 - 0.2',
    integer: "$formatInteger(2789, 'w')",
    parsed: "$parseInteger('12,345', '#,##0')",
  }),
  table('jsonata-times', {
    millis: "$toMillis('2020-02-29T12:00:00Z')",
    text: '$fromMillis(1582977600000)',
    picture: "$fromMillis(1582977600000, '[Y0001]/[M01]/[D01] [H01]:[m01]', '+0900')",
    parsed: "$toMillis('29.02.2020', '[D].[M].[Y]')",
    now: '$now()',
  }),
  table(
    'jsonata-of-aws',
    {
      partition: '$partition([1..5], 2)',
      range: '$range(0, 10, 5)',
      hash: "$hash('text', 'SHA-256')",
      parsed: '$parse(\'{"a": [1, 2.50]}\')',
      seeded: '$random(7) < 1',
      id: '$uuid()',
      name: '$states.context.State.Name',
      started: '$states.context.Execution.Name',
      same: '$states.input',
    },
    '{"zero":0.0,"big":12345678901234567890}',
  ),
  fails('nothing', '$states.input.none'),
  fails('type', "1 + 'a'"),
  fails('function', '$states.input()'),
  fails('own', "$error('own words')"),
  fails('range', '$range(1, 2, 0)'),
  {
    id: 'jsonata-flow',
    definition: machine(
      {
        Set: {
          Type: 'Pass',
          Assign: { n: '{% $states.input.n * 2 %}', list: ['{% 1 %}', 'two'] },
          Next: 'Choose',
        },
        Choose: {
          Type: 'Choice',
          Choices: [
            { Condition: '{% $n > 5 %}', Output: { big: '{% $n %}' }, Assign: { was: 'big' }, Next: 'Pause' },
          ],
          Default: 'Bad',
        },
        Pause: { Type: 'Wait', Seconds: '{% $states.input.big - 5 %}', Next: 'Each' },
        Each: {
          Type: 'Map',
          Items: '{% $append($list, $was) %}',
          MaxConcurrency: 1,
          ItemSelector: {
            i: '{% $states.context.Map.Item.Index %}',
            v: '{% $states.context.Map.Item.Value %}',
          },
          ItemProcessor: machine({ One: { Type: 'Pass', End: true } }),
          Output: '{% $states.result[v = "big"] %}',
          Next: 'Done',
        },
        Done: { Type: 'Succeed', Output: '{% {"last": $states.input, "n": $n} %}' },
        Bad: { Type: 'Fail' },
      },
      jsonata,
    ),
    input: '{"n":3}',
    transitions: 12,
  },
  {
    id: 'jsonata-fail-state',
    definition: machine(
      { Bad: { Type: 'Fail', Error: "{% 'E' & 1 %}", Cause: '{% $string($states.input) %}' } },
      jsonata,
    ),
    input: '{"a":1}',
  },
  {
    id: 'jsonata-condition-of-text',
    definition: machine(
      {
        Choose: { Type: 'Choice', Choices: [{ Condition: "{% 'yes' %}", Next: 'Done' }] },
        Done: { Type: 'Succeed' },
      },
      jsonata,
    ),
  },
  {
    id: 'both-languages',
    definition: machine({
      Path: { Type: 'Pass', Parameters: { 'a.$': '$.n' }, Assign: { 'v.$': '$.n' }, Next: 'Data' },
      Data: {
        Type: 'Pass',
        ...jsonata,
        Output: '{% {"sum": $states.input.a + $v} %}',
        End: true,
      },
    }),
    input: '{"n":4}',
  },
];
