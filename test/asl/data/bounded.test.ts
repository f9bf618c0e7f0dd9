import { expect, test } from 'vitest';
import { evaluate } from '../../../src/asl/data/json-path.js';
import { compileRegularExpression } from '../../../src/asl/data/regular-expression.js';
import { TooMuchWork, Work } from '../../../src/asl/data/work-limit.js';
import { DefinitionError, parseDefinition } from '../../../src/asl/definition.js';
import { createExecution, transition } from '../../../src/asl/engine/transition.js';
import type { Json } from '../../../src/json/json.js';
import { compilePattern } from '../../../src/local/logs/pattern/pattern.js';
import { env, simulate, specOf } from '../simulate.js';

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

test.each(['(a', 'a)', '*a', '[a', 'a{2,1}', `${'('.repeat(5000)}`])('/%s/ is refused', (source) => {
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

test.each(['1'.repeat(300_000), `${'1'.repeat(300_000)}x`, `-${'1'.repeat(300_000)}.${'1'.repeat(9)}x`])(
  'a number of 300,000 digits is told from a text at once',
  (text) => {
    const message = JSON.stringify({ n: text });
    expect(compilePattern('{ $.n > 1 }')(message)).toBe(!text.includes('x'));
    expect(compilePattern('[n > 1]')(text)).toBe(!text.includes('x'));
  },
);

test.each([['[ '.repeat(300_000)], ['[ ] '.repeat(1_000) + '[ '.repeat(300_000)], ['" '.repeat(300_001)]])(
  'brackets and quotes that nothing closes are fields of their own',
  (message) => {
    expect(compilePattern('[..., last = x]')(`${message}x`)).toBe(true);
  },
);

/** How a state that is all of a machine fails on `input`. */
function failure(state: object, input: Json): [error: string | undefined, cause: string | undefined] {
  const machine = { StartAt: 'S', States: { S: { Type: 'Pass', End: true, ...state } } };
  const { execution } = simulate(machine, input);
  expect(execution.status).toBe('FAILED');
  return [execution.error, execution.cause];
}
const calls = (name: string, levels: number, more = ''): string =>
  `${`States.${name}(`.repeat(levels)}$${`${more})`.repeat(levels)}`;
const fields = (count: number, expression: string): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.$`, expression]));
const text = { s: 'x'.repeat(200_000) };

test.each<[string, object, Json]>([
  ['texts of texts', { Parameters: { 'v.$': calls('JsonToString', 10) } }, { a: '"'.repeat(20_000) }],
  [
    'texts of texts that only their length is asked of',
    { Parameters: { 'v.$': `States.ArrayLength(States.Array(${calls('JsonToString', 8)}))` } },
    { a: '"'.repeat(20_000) },
  ],
  ['lists of lists', { Parameters: { 'v.$': calls('Array', 10, ', $') } }, text],
  ['many fields with all of the input', { Parameters: fields(30_000, '$') }, text],
  ['many fields in a list', { Parameters: { v: new Array(30_000).fill({ 'a.$': '$' }) } }, text],
  [
    'a text of many texts',
    { Parameters: { 'v.$': `States.Format('${'{}'.repeat(900)}'${', $.s'.repeat(900)})` } },
    { s: 'x'.repeat(9_000) },
  ],
  ['variables', { Assign: fields(30_000, '$') }, text],
  [
    'plain paths of JSONata',
    { QueryLanguage: 'JSONata', Output: new Array(30_000).fill('{% $states.input %}') },
    text,
  ],
])('%s grow no larger than a state’s data may be', (_, state, input) => {
  const [error, cause] = failure(state, input);
  expect([error, cause]).toEqual(['States.DataLimitExceeded', expect.stringContaining("'S'")]);
});

test.each<[string, object]>([
  ['searches', fields(1_000, 'States.ArrayLength($..*)')],
  ['calls', fields(10_000, "States.ArrayLength(States.StringSplit($.s, ','))")],
])('many %s of one state end together, and others are not kept waiting', (_, Parameters) => {
  const input = { s: '1,'.repeat(50_000), rows: new Array(60_000).fill(0) };
  expect(failure({ Parameters }, input)).toEqual([
    'States.Runtime',
    expect.stringContaining('too many steps'),
  ]);
});

test('a loop of states that each do much takes a break', () => {
  const search = { Type: 'Pass', Parameters: { 'n.$': 'States.ArrayLength($$.Execution.Input..*)' } };
  const left = { Type: 'Choice', Choices: [{ Variable: '$.n', IsNull: true, Next: 'C' }], Default: 'A' };
  const States = { A: { ...search, Next: 'B' }, B: left, C: { Type: 'Succeed' } };
  const machine = { StartAt: 'A', States };
  const rows = new Array(100_000).fill(0);
  const execution = createExecution(specOf({ rows }), parseDefinition(JSON.stringify(machine)), env);
  const { events, effects } = transition(execution, { type: 'Start', at: 0 });
  expect(events.length).toBeLessThan(100);
  expect(effects).toMatchObject([{ type: 'SetTimer', at: 0 }]);
});

test('data that states nest ever deeper fails the execution before anything is lost in it', () => {
  const around = { Type: 'Pass', Parameters: { 'a.$': '$' }, Next: 'B' };
  const again = { Type: 'Choice', Choices: [{ Variable: '$.b', IsPresent: true, Next: 'C' }], Default: 'A' };
  for (const A of [around, { ...around, ResultPath: '$.a' }]) {
    const definition = { StartAt: 'A', States: { A, B: again, C: { Type: 'Succeed' } } };
    const { execution, events } = simulate(definition, {});
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringMatching(/nested too deeply/),
    });
    expect(events.length).toBeLessThan(4_100);
  }
  const far = failure({ ResultPath: `$${'.a'.repeat(2_000)}` }, {});
  expect(far).toEqual(['States.Runtime', expect.stringMatching(/nested too deeply/)]);
  const text = `${'['.repeat(2_000)}${']'.repeat(2_000)}`;
  expect(failure({ Parameters: { 'v.$': 'States.StringToJson($.text)' } }, { text })[0]).toBe(
    'States.Runtime',
  );
});

test('calls within calls without end are refused by their parser', () => {
  const definition = {
    StartAt: 'S',
    States: { S: { Type: 'Pass', Parameters: { 'v.$': 'States.Array('.repeat(100_000) }, End: true } },
  };
  expect(() => parseDefinition(JSON.stringify(definition))).toThrow(DefinitionError);
});

test.each([
  ['(?=b)a', "a lookahead, '(?='"],
  ['(?!b)a', "a lookahead, '(?!'"],
  ['(?<=b)a', "a lookbehind, '(?<='"],
  ['(?<!b)a', "a lookbehind, '(?<!'"],
  ['(a)\\1', "a backreference, '\\1'"],
  ['(?>a)b', "an atomic group, '(?>'"],
  ['a++b', "a possessive repetition, '+'"],
  ['(?i)a', "this kind of group, '(?i)'"],
  ['a{5000}', "so long a repetition, '{5000}'"],
  ['((a{100}){100}){100}', 'of more than 2000 steps'],
])('/%s/, which AWS takes, fails the state that asks for it, and says why', (regex, construct) => {
  const path = `$[?(@.x =~ /${regex}/)]`;
  const [error, cause] = failure({ Parameters: { 'v.$': path } }, [{ x: 'ab' }]);
  expect([error, cause]).toEqual(['States.Runtime', expect.stringContaining(construct)]);
  expect(failure({ InputPath: path }, [{ x: 'ab' }])).toEqual([error, cause]);
  // Where nothing is looked at, nothing is missed.
  expect(evaluate(path, [])).toEqual([]);
  expect(() => compilePattern(`%${regex}%`)).toThrow(/Invalid/);
});
