import { expect, test } from 'vitest';
import type { Json } from '../../src/asl/json.js';
import { evaluate } from '../../src/asl/json-path.js';
import { compileRegularExpression } from '../../src/asl/regular-expression.js';
import { TooMuchWork, Work } from '../../src/asl/work.js';
import { compilePattern } from '../../src/local/logs/pattern.js';

const nested = (levels: number): Json =>
  JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as Json;

test.each(['(a+)+b', '(a|a)*b', '(a*)*b', '(.*a){12}b', '([a-z]+)*\\d', 'a*a*a*a*a*a*a*b'])(
  '/%s/ gives its answer on a text that lets others backtrack',
  (source) => {
    expect(compileRegularExpression(source).matches('a'.repeat(20_000), new Work(50_000_000))).toBe(false);
  },
);

const sources =
  'a a? a* a+ a{2} a{1,2} a{0} a{2,} ab|c (ab|c)+ (?:a|b)*c ^a$ ^$ a$ \\bab\\b a\\B . .* [a-c]+ [^a]+ [\\w-]+ \\d \\w+\\s\\w+ \\x41 \\. a\\-b (a|) (a?)* a*? a+?b \\u0061 [\\]a] ^ | a|b|cd a{ (?<n>a)b';
const texts = [
  '',
  'a',
  'A',
  'b',
  'aa',
  'ab',
  'abc',
  'c',
  'cd',
  'abab',
  'a b',
  '1',
  'aaa',
  'a\nb',
  'a-b',
  '.',
  'a{',
  '-',
  'é',
  ']',
  '😀',
];

test.each(sources.split(' '))('/%s/ means what it means elsewhere', (source) => {
  for (const flags of ['', 'i', 'm', 's'])
    for (const text of texts) {
      const what = `${JSON.stringify(text)} ${flags}`;
      const ours = compileRegularExpression(source, flags);
      expect([what, ours.isFoundIn(text, new Work())]).toEqual([what, new RegExp(source, flags).test(text)]);
      const whole = new RegExp(`^(?:${source})$`, flags.replace('m', ''));
      if (flags !== 'm' && text !== '😀')
        expect([what, ours.matches(text, new Work())]).toEqual([what, whole.test(text)]);
    }
});

test.each([
  '(a)\\1',
  '(?=a)b',
  '(?<!a)b',
  '(a',
  'a)',
  '*a',
  '[a',
  'a{2,1}',
  `${'('.repeat(5000)}`,
  '((a{100}){100}){100}',
])('/%s/ is refused', (source) => {
  expect(() => compileRegularExpression(source)).toThrow(SyntaxError);
});

test('a path that searches what it found again and again is ended', () => {
  for (const path of ['$..a..a..a', '$..*..*..*', '$..a[?(@..a in $..a)]'])
    expect(() => evaluate(path, nested(1500))).toThrow(TooMuchWork);
  const wide = Array.from({ length: 3000 }, (_, x) => ({ x }));
  expect(() => evaluate('$[?(@.x in $..x)]', wide)).toThrow(TooMuchWork);
});

test('what a document within the quota holds is found, however wide or deep', () => {
  const numbers = { x: Array.from({ length: 128_000 }, () => 1) };
  expect(evaluate('$..x', numbers)).toEqual([numbers.x]);
  expect(evaluate('$..*', numbers)).toHaveLength(128_001);
  expect(evaluate('$..a', nested(5000))).toHaveLength(5000);
});

test.each(['$[?(', '$[?(!'])('a path of endless %s is refused by its parser', (part) => {
  expect(() => evaluate(part + '('.repeat(100_000), [])).toThrow(SyntaxError);
  expect(() => evaluate(part + '!'.repeat(100_000), [])).toThrow(SyntaxError);
  expect(() => evaluate('$[?(@'.repeat(10_000), [])).toThrow(SyntaxError);
});

const line = 'a'.repeat(30_000);
test.each([
  ['%a*a*a*a*b%', line],
  ['{ $.m = "*a*a*a*a*a*b" }', JSON.stringify({ m: line })],
  ['{ $.m = %a*a*a*a*b% }', JSON.stringify({ m: line })],
  ['[m = *a*a*a*a*a*b]', line],
])('the filter pattern %s gives its answer on a long line', (pattern, message) => {
  expect(compilePattern(pattern)(message)).toBe(false);
});

test.each([
  ['a*b', 'aXb', true],
  ['a*b', 'ab', true],
  ['a*a', 'a', false],
  ['*a*b*', 'xaxbx', true],
  ['*', '', true],
  ['a*b*c', 'abbc', true],
  ['a*bc*c', 'abc', false],
])('the wildcards %s on %s', (pattern, text, expected) => {
  expect(compilePattern(`{ $.m = "${pattern}" }`)(JSON.stringify({ m: text }))).toBe(expected);
});

test('parentheses without end are an invalid pattern', () => {
  expect(() => compilePattern(`{ ${'('.repeat(100_000)}`)).toThrow('Invalid filter pattern');
});
