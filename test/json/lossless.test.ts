import { expect, test } from 'vitest';
import { isObject, type Json } from '../../src/json/json.js';
import {
  allComputable,
  entriesOf,
  jsonText,
  numberIn,
  objectOf,
  parseWritten,
  withMember,
} from '../../src/json/lossless.js';
import { MOST_LEVELS } from '../../src/json/parse.mjs';

const KEPT = [
  '0.0',
  '-0',
  '-0.0',
  '1.0',
  '0.10',
  '100',
  '1e3',
  '1E3',
  '1e+3',
  '1.5e-7',
  '1e-7',
  '0.0000001',
  '9007199254740991',
  '9007199254740993',
  '-9223372036854775808',
  '12345678901234567890',
  '123456789.123456789123',
  '3.141592653589793238462643383279',
  '1e400',
];

test.each(KEPT)('the number %s keeps its text, alone and inside', (number) => {
  for (const text of [
    number,
    `[${number}]`,
    `{"a":${number},"b":[1,${number},"${number}"]}`,
    `{"k":{"1":${number},"b":1,"0":2}}`,
  ])
    expect(jsonText(parseWritten(text))).toBe(text);
  expect(jsonText(parseWritten(` [ ${number} ,\n${number}] `))).toBe(`[${number},${number}]`);
  expect(numberIn(parseWritten(number))).toBe(Number(number));
});

test.each([
  '{"b":1,"1":2}',
  '{"10":1,"9":2,"a":3}',
  '{"b":{"c":1,"0":[{"z":1,"00":2,"3":4}]}}',
  '{"__proto__":1,"1":2}',
  '{"1":1,"2":2,"a":3}',
  '{"a":"\\"1\\":","b":"{\\"b\\":1,\\"1\\":2}","4":"0.0"}',
])('the keys of %s keep their places', (text) => {
  const value = parseWritten(text);
  expect(jsonText(value)).toBe(text);
  expect(value).toEqual(JSON.parse(text));
  expect(jsonText(JSON.parse(jsonText(value)))).toBe(JSON.stringify(JSON.parse(text)));
});

test('a member that is set goes to the end, one that is there stays in its place', () => {
  const start = parseWritten('{"b":0.0,"1":2}');
  if (!isObject(start)) throw new Error('no object');
  expect(jsonText(withMember(start, '0', 'x'))).toBe('{"b":0.0,"1":2,"0":"x"}');
  expect(jsonText(withMember(start, 'b', 'x'))).toBe('{"b":"x","1":2}');
  expect(jsonText(withMember(undefined, '0', 'x'))).toBe('{"0":"x"}');
  expect(jsonText(objectOf([...entriesOf(start), ['1', 3], ['a', 1]]))).toBe('{"b":0.0,"1":3,"a":1}');
});

test('JSON.stringify gives what is kept as doubles, and no object passes for a number', () => {
  const value = parseWritten('{"b":[0.10,12345678901234567890],"1":1e3}');
  expect(JSON.stringify(value)).toBe('{"1":1000,"b":[0.1,12345678901234567000]}');
  expect(jsonText(allComputable(value))).toBe('{"b":[0.1,12345678901234567000],"1":1000}');
  expect(isObject(parseWritten('0.0'))).toBe(false);
  const plain: Json = { a: [1, { b: 2 }] };
  expect(allComputable(plain)).toBe(plain);
});

test.each(['{0.0:1}', '[0.0.0]', '[00]', '[1.]', '[-]', '{"1":}', '[0.0', '"', 'nul'])(
  '%s is no JSON',
  (text) => {
    expect(() => parseWritten(text)).toThrow(SyntaxError);
  },
);

test('JSON is taken as deep as it may be', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}0.0${']'.repeat(levels)}`;
  expect(jsonText(parseWritten(nested(MOST_LEVELS)))).toBe(nested(MOST_LEVELS));
  expect(() => parseWritten(nested(MOST_LEVELS + 1))).toThrow(SyntaxError);
});
