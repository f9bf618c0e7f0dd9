import { describe, expect, test } from 'vitest';
import { evaluateExpression, parseExpression } from '../../../src/asl/data/path-or-intrinsic.js';
import { compileTemplate, resolveTemplate } from '../../../src/asl/data/payload-template.js';
import type { Scope } from '../../../src/asl/data/scope.js';
import { fromJson, fromText } from '../../../src/asl/data/value.js';
import { Work } from '../../../src/asl/data/work-limit.js';
import type { Json } from '../../../src/json/json.js';

const input = { name: 'Foo', list: [1, 2, 3], nested: { a: 1, b: 'x' }, json: '{"z": [1]}', n: 7 };
const scope: Scope = {
  input: fromJson(input),
  context: () => fromJson({ Execution: { Name: 'run' } }),
  variable: (name) => (name === 'v' ? { w: 1 } : undefined),
  random: () => 0.5,
  get work() {
    return new Work();
  },
  states: () => ({}),
};
const evaluate = (text: string): Json => evaluateExpression(parseExpression(text), scope, 'f.$');

test.each(['States.Nope()', 'States.Array(', "States.Array('a)", 'States.Array(1 2)', 'States.UUID() x'])(
  '%s is no call',
  (text) => {
    expect(() => parseExpression(text)).toThrow(SyntaxError);
  },
);

test('a field has ten calls at most, beside and within each other', () => {
  const nested = (levels: number): string => `${'States.Array('.repeat(levels)}1${')'.repeat(levels)}`;
  const beside = (calls: number): string =>
    `States.Array(${new Array(calls).fill('States.UUID()').join(', ')})`;
  for (const text of [nested(10), beside(9)]) expect(() => parseExpression(text)).not.toThrow();
  for (const text of [nested(11), beside(10)]) expect(() => parseExpression(text)).toThrow(/more than 10/);
});

describe('paths', () => {
  test.each<[string, Json]>([
    ['$.list[0]', 1],
    ['$.list[3]', null],
    ['$.list[-1]', 3],
    ['States.Array($.list[7])', [null]],
    ['$v.w', 1],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });

  test.each(['$.no', '$.list[3].name', '$.nested[0]', '$.nested.list[0]', '$v.no', '$no', '$$.no'])(
    '%s leads nowhere',
    (text) => {
      expect(() => evaluate(text)).toThrow(
        `The JSONPath '${text}' specified for the field 'f.$' could not be found in the input '`,
      );
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

test('what paths fill comes last, in the order of a HashMap', () => {
  const template = compileTemplate({ 'StateMachineArn.$': '$.n', 'Name.$': '$.n', Input: 1 });
  expect(Object.keys(resolveTemplate(template, scope) as object)).toEqual([
    'Input',
    'StateMachineArn',
    'Name',
  ]);
});

test('a missing path says so in the words of AWS', () => {
  const small: Scope = { ...scope, input: fromText('{"int-literal": 0}') };
  expect(() => evaluateExpression(parseExpression('$.no'), small, 'value.$')).toThrow(
    `The JSONPath '$.no' specified for the field 'value.$' could not be found in the input '{"int-literal": 0}'`,
  );
});
