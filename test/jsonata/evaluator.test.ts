import { availableParallelism } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import type { Json } from '../../src/json/json.js';
import { createEvaluator } from '../../src/jsonata/evaluator.js';

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

const hanging = `$contains("${'a'.repeat(40)}!", /^(a+)+$/)`;

test('what hangs where JSONata does not look is killed; what is behind it goes on', async () => {
  const [first, other] = await Promise.all([evaluate(['1', hanging, '2']), evaluate(['3'])]);
  expect(first).toEqual([value(1), failure('Expression evaluation timeout'), value(2)]);
  expect(other).toEqual([value(3)]);
});

test('ordinary expressions do not wait behind many that hang', async () => {
  let ended = 0;
  const hostile = Array.from({ length: 3 }, async (_, index) => {
    const [answer] = await evaluate([hanging.replace('!', `!${index}`)]);
    ended++;
    return answer;
  });
  expect(await evaluate(['1 + 1'])).toEqual([value(2)]);
  expect(ended).toBeLessThanOrEqual(2);
  for (const answer of await Promise.all(hostile))
    expect(answer).toEqual(failure('Expression evaluation timeout'));
});

test.each([
  '[1..10000000] ~> $count()',
  '[1..900000] ~> $count()',
  '$sum([1..900000])',
  '[1..873783]',
  '$sort([1..10000000])',
  '$split($pad("x",30000000),"")',
  '$pad("x",500000000)',
  '$length($pad("x", 8388608))',
  '($f := function($s){$f($s & $s)}; $f("0123456789abcdef"))',
  '($f := function($a){$f($append($a, [[1..100000]]))}; $f([]))',
])('%s passes the limit of memory, and the next one is answered', async (expression) => {
  const [answer, next] = await evaluate([expression, '1']);
  expect(answer).toEqual(failure('Expression evaluation memory limit exceeded: Check for excessive memory'));
  expect(next).toEqual(value(1));
});

test('what AWS was measured to have room for has room here', async () => {
  const [count, length] = await evaluate(['[1..100000] ~> $count()', '$length($pad("x", 1000000))']);
  expect([count, length]).toEqual([value(100_000), value(1_000_000)]);
});

test.each([2_500, 20_000, 200_000])('input nested %d deep is an answer or a failure', async (depth) => {
  let nested: Json = 1;
  for (let n = 0; n < depth; n++) nested = [nested];
  const answers = await evaluate(['$string($states.input)', '$states.input', '$exists($states.input)'], {
    input: nested,
  });
  expect(answers).toHaveLength(3);
  for (const answer of answers) expect('value' in answer || 'failure' in answer).toBe(true);
});

test('texts with line separators and without half of a pair come and go as they are', async () => {
  const text = 'a\u2028b\n\r\ud800';
  expect(await evaluate(['$states & "."'], text)).toEqual([value(`${text}.`)]);
});

test('a stopped evaluator ends what hangs, and leaves no process', async () => {
  const own = createEvaluator();
  void own.evaluate({ expressions: [hanging], states: {}, variables: {}, at: 0 });
  await own.evaluate({ expressions: ['1'], states: {}, variables: {}, at: 0 });
  await own.stop();
  const left = process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap');
  // Those of the evaluator that all tests share.
  expect(left.length).toBeLessThanOrEqual(Math.max(2, availableParallelism()));
});

test.each([
  ['( $f := function(){$f()}; $f() )', 'Expression evaluation timeout: Check for infinite loop'],
  ['( $f := function($n){1 + $f($n)}; $f(1) )', 'Stack overflow error: Check for non-terminating recursive'],
  ['"a" > 1', 'threw an error during evaluation. T2009: '],
  ['$eval("1")', 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
  ['$sum', 'returned an unsupported result type.'],
  ['$parse("{")', 'threw an error during evaluation. D3137: Invalid JSON'],
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

test('a result that is nested too deeply fails, and so do results that are too large together', async () => {
  const nested = '$reduce([1..1500], function($a, $b){[[$a]]})';
  expect(await evaluate([nested, '1'])).toEqual([failure('nested too deeply'), value(1)]);
  const large = new Array(5).fill('$pad("x", 2000000)');
  const answers = await evaluate(large);
  expect(answers.slice(0, 3).every((answer) => 'value' in answer)).toBe(true);
  expect(answers.slice(3)).toEqual(new Array(2).fill(failure('memory limit exceeded')));
});
