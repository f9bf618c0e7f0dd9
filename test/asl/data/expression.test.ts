import { describe, expect, test } from 'vitest';
import { evaluateExpression, parseExpression, type Scope } from '../../../src/asl/data/expression.js';
import { compileTemplate, resolveTemplate } from '../../../src/asl/data/template.js';
import { fromJson } from '../../../src/asl/data/value.js';
import { Work } from '../../../src/asl/data/work.js';
import type { Json } from '../../../src/json/json.js';

const input = { name: 'Foo', list: [1, 2, 3], nested: { a: 1, b: 'x' }, json: '{"z": [1]}', n: 7 };
const scope: Scope = {
  input: fromJson(input),
  context: () => ({ Execution: { Name: 'run' } }),
  variable: (name) => (name === 'v' ? { w: 1 } : undefined),
  random: () => 0.5,
  get work() {
    return new Work();
  },
  states: () => ({}),
};
const evaluate = (text: string): Json => evaluateExpression(parseExpression(text), scope, 'f.$');

describe('intrinsic functions', () => {
  test.each<[string, Json]>([
    ["States.Format('Hello, {} of {}', $.name, $$.Execution.Name)", 'Hello, Foo of run'],
    ["States.Format('{} {}', $.nested, $.list)", '{a=1, b=x} [1, 2, 3]'],
    ["States.Format('\\{\\} it\\'s {}', 1)", "{} it's 1"],
    ['States.StringToJson($.json)', { z: [1] }],
    ['States.JsonToString($.nested)', '{"a":1,"b":"x"}'],
    ["States.Array(1, 'two', $.n, null, true)", [1, 'two', 7, null, true]],
    ['States.Array()', []],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [3]]],
    ['States.ArrayContains($.list, 2)', true],
    ['States.ArrayRange(1, 9, 3)', [1, 4, 7]],
    ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 3],
    ['States.ArrayUnique(States.Array(1, 1, 2))', [1, 2]],
    ["States.Base64Encode('Hello')", 'SGVsbG8='],
    ["States.Base64Decode('SGVsbG8=')", 'Hello'],
    ["States.Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ['States.JsonMerge($.nested, States.StringToJson($.json), false)', { a: 1, b: 'x', z: [1] }],
    ['States.MathAdd($.n, -1)', 6],
    ['States.MathRandom(0, 10)', 5],
    ["States.StringSplit('1,2.3', ',.')", ['1', '2', '3']],
    ['States.ArrayLength($.list[?(@ > 1)])', 2],
    ['$v.w', 1],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });

  test('UUID draws from the execution, so that a replay draws the same', () => {
    expect(evaluate('States.UUID()')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(evaluate('States.UUID()')).toBe(evaluate('States.UUID()'));
  });

  test.each([
    "States.Format('{}')",
    'States.ArrayGetItem($.list, 9)',
    'States.StringToJson($.name)',
    'States.MathAdd($.name, 1)',
  ])('%s fails as States.IntrinsicFailure', (text) => {
    expect(() => evaluate(text)).toThrow(expect.objectContaining({ error: 'States.IntrinsicFailure' }));
  });

  test.each(['States.Nope()', 'States.Array(', "States.Array('a)", 'States.Array(1 2)', 'States.UUID() x'])(
    '%s is no call',
    (text) => {
      expect(() => parseExpression(text)).toThrow(SyntaxError);
    },
  );
});

test('templates resolve what ends in .$ and share what does not', () => {
  const fixed = { deep: [1, { x: 2 }] };
  const template = compileTemplate({ fixed, 'name.$': '$.name', list: [{ 'n.$': '$.n' }, 'plain'] });
  const resolved = resolveTemplate(template, scope) as { fixed: Json };
  expect(resolved).toEqual({ fixed, name: 'Foo', list: [{ n: 7 }, 'plain'] });
  expect(resolved.fixed).toBe(fixed);
});

test('a missing path says so in the words of AWS', () => {
  const small: Scope = { ...scope, input: { text: '{"int-literal": 0}' } };
  expect(() => evaluateExpression(parseExpression('$.no'), small, 'value.$')).toThrow(
    `The JSONPath '$.no' specified for the field 'value.$' could not be found in the input '{"int-literal": 0}'`,
  );
});
