import { afterAll, expect, test } from 'vitest';
import type { Json } from '../../../src/asl/json.js';
import { createEvaluator } from '../../../src/local/runtime/evaluator.js';

const evaluator = createEvaluator();
afterAll(() => evaluator.stop());

const evaluate = (expressions: string[], states: Json = {}) =>
  evaluator.evaluate({ expressions, states, variables: { v: 2 }, at: 0 });
const value = (json: Json) => ({ value: json });
const failure = (text: string) => ({ failure: expect.stringContaining(text) });

test('each expression has its answer, and none of them another one’s', async () => {
  const answers = await Promise.all([
    evaluate(['$states.input.a + $v', '$nothing', '$v'], { input: { a: 1 } }),
    evaluate(['$states.input.a + $v'], { input: { a: 10 } }),
  ]);
  expect(answers).toEqual([[value(3), failure('returned nothing (undefined).'), value(2)], [value(12)]]);
});

test('what hangs where JSONata does not look is killed; what is behind it goes on', async () => {
  const hanging = `$contains("${'a'.repeat(40)}!", /^(a+)+$/)`;
  const [first, other] = await Promise.all([evaluate(['1', hanging, '2']), evaluate(['3'])]);
  expect(first).toEqual([value(1), failure('Expression evaluation timeout'), value(2)]);
  expect(other).toEqual([value(3)]);
});

test('what eats the memory fails, and the server lives on', async () => {
  const greedy = '($f := function($s){$f($s & $s)}; $f("0123456789abcdef"))';
  const [answer, next] = await evaluate([greedy, '1']);
  expect(answer).toEqual(failure('threw an error during evaluation: '));
  expect(next).toEqual(value(1));
});

test.each([
  ['( $f := function(){$f()}; $f() )', 'Expression evaluation timeout: Check for infinite loop'],
  ['( $f := function($n){1 + $f($n)}; $f(1) )', 'Stack overflow error: Check for non-terminating recursive'],
  ['"a" > 1', 'threw an error during evaluation. T2009: '],
  ['$eval("1")', 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
  ['$sum', 'returned an unsupported result type.'],
  ['$parse("{")', 'threw an error during evaluation: '],
])('%s', async (expression, text) => {
  expect(await evaluate([expression])).toEqual([failure(text)]);
});

test('the functions that Step Functions adds, and time as the execution has it', async () => {
  const expressions = [
    '$partition([1,2,3], 2)',
    '$range(0, 10, 3)',
    '$range(1, 9, 9)',
    '$hash("x", "SHA-256")',
    '$random(3) = $random(3)',
    '$length($uuid())',
    '$parse("{\\"a\\": [1]}").a',
    '$millis()',
    '$now("[Y0001]")',
  ];
  expect(await evaluate(expressions)).toEqual(
    [
      [[1, 2], [3]],
      [0, 3, 6, 9],
      1,
      '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
      true,
      36,
      [1],
      0,
      '1970',
    ].map(value),
  );
});
