import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../../src/local/logs/pattern/pattern.js';

const matches = (pattern: string, message: string): boolean => compilePattern(pattern)(message);

const requests = [
  '[ERROR 400] BAD REQUEST',
  '[ERROR 401] UNAUTHORIZED REQUEST',
  '[ERROR 419] MISSING ARGUMENTS',
  '[ERROR 420] INVALID ARGUMENTS',
  '[SUCCESS 200] AUTHORIZED REQUEST',
];

test.each<[string, number[]]>([
  ['', [0, 1, 2, 3, 4]],
  ['" "', [0, 1, 2, 3, 4]],
  ['ERROR', [0, 1, 2, 3]],
  ['error', []],
  ['ERROR ARGUMENTS', [2, 3]],
  ['?MISSING ?BAD', [0, 2]],
  ['?MISSING ?BAD REQUEST', [0, 1, 4]],
  ['ERROR -ARGUMENTS', [0, 1]],
  ['"MISSING ARGUMENTS"', [2]],
  ['"[ERROR 4" -"BAD REQUEST"', [1, 2, 3]],
  ['%AUTHORIZED%', [1, 4]],
  ['%4(0|2)%', []],
  ['%40.|42.% INVALID', [3]],
])('terms: %s', (pattern, expected) => {
  if (pattern.includes('(')) {
    expect(() => compilePattern(pattern)).toThrow("Invalid character(s) in term '('");
    return;
  }
  expect(requests.flatMap((message, index) => (matches(pattern, message) ? [index] : []))).toEqual(expected);
});

describe('JSON', () => {
  const trail = JSON.stringify({
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [
      { name: 'a', id: 1 },
      { name: 'b', id: 2 },
    ],
    SomeObject: null,
    flag: true,
    'cluster.name': 'c',
    'detail-type': 'd',
    bandwidth: 75.5,
    number: [1000],
    text: '12',
    Ünï: 'ö',
  });
  test.each<[string, boolean]>([
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{ $.eventType = UpdateTrail }', true],
    ['{$.eventType="Update*"}', true],
    ['{ $.eventType = "update*" }', false],
    ['{ $.eventType != "Update*" }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.missing != 1 }', false],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[1] = "value" }', false],
    ['{ $.arrayKey[*] = %val.{2}% }', true],
    ['{ $.arrayKey = "value" }', false],
    ['{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }', true],
    ['{ $.[\'cluster.name\'] = "c" }', true],
    ['{ $[\'cluster.name\'] = "c" }', true],
    ['{ $.detail-type = "d" }', true],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.flag IS TRUE }', true],
    ['{ $.flag IS FALSE }', false],
    ['{ $.Nobody NOT EXISTS }', true],
    ['{ $.SomeObject NOT EXISTS }', false],
    ['{ $.objectList[1].id = 2 }', true],
    ['{ $.objectList[*].name = "b" }', true],
    ['{ $.bandwidth > 75 }', true],
    ['{ $.bandwidth >= 75.5 && $.bandwidth <= 75.5 }', true],
    ['{ $.bandwidth < 7.5e1 }', false],
    ['{ $.number[0] = 1e+3 }', true],
    ['{ $.number[0] != 1e-3 }', true],
    ['{ $.text = 12 }', true],
    ['{ $.text > 11 }', true],
    ['{ $.bandwidth = "75.5" }', false],
    ['{ $.Ünï = "ö" }', true],
    ['{ ($.text = "x" || $.flag IS TRUE) && $.eventType = Up* }', true],
    ['{ $.flag IS TRUE || $.text = "x" && $.text = "y" }', true],
    ['{ ($.flag IS TRUE || $.text = "x") && $.text = "y" }', false],
  ])('%s', (pattern, expected) => {
    expect(matches(pattern, trail)).toBe(expected);
  });

  test('what is no JSON never matches', () => {
    for (const message of ['', 'text', '{"half', '"x"', '12', 'null'])
      expect(matches('{ $.a NOT EXISTS }', message)).toBe(false);
  });
});

describe('fields', () => {
  const access = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  const names = 'ip, user, username, timestamp, request, status_code, bytes';
  test.each<[string, string, boolean]>([
    [`[${names}]`, access, true],
    [
      '[ip=%127\\.0\\.0\\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]',
      access,
      true,
    ],
    ['[..., request =*.html*, status_code = 4*, bytes]', access, true],
    ['[..., request =*.html*, status_code = 5*, bytes]', access, false],
    ['[ip, ..., status_code = 404 || status_code = 410, bytes > 1000]', access, true],
    ['[ip, ..., bytes > 2000]', access, false],
    ['[w1 = "127.0.0.1", ...]', access, true],
    ['[w1=ERROR, w2]', 'ERROR 09/25/2014 12:00:02 Failed to process request', true],
    ['[w1!=ERROR && w1!=WARNING, w2]', 'INFO 09/25/2014', true],
    ['[w1!=ERROR && w1!=WARNING, w2]', 'WARNING 09/25/2014', false],
    ['[a, b, c = x]', 'a b x y', false],
    ['[a, b, c]', 'only two', false],
    ['[r=REPORT,...]', 'REPORT RequestId: 1', true],
  ])('%s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });
});

test.each([
  ['Status: timeout', "Invalid character(s) in term ':'"],
  ['(x)', "Invalid character(s) in term '('"],
  ['8b2f-11', "Invalid character(s) in term '-'"],
  ['{ $."sc-status" = 5* }', 'Invalid character(s) in term'],
  ['{ $.a = }', 'Invalid'],
  ['{ $.a = 1', 'Invalid filter pattern'],
  ['{ $.a = 1 && }', 'Invalid'],
  ['{ $.a > x }', 'Invalid'],
  ['[a, b', 'Invalid filter pattern'],
  ['[..., a, ...]', 'Invalid filter pattern'],
  ['"open', 'Invalid character(s) in term'],
  ['%[%', 'Invalid filter pattern'],
])('refused: %s', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});

test('any pattern either compiles or is refused, and a quoted term finds what holds it', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '$.a',
    '=',
    '"',
    '%',
    'x',
    '1',
    '&&',
    '||',
    '(',
    ')',
    '...',
    ',',
    '-',
    '?',
    '\\',
    ' ',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), fc.string(), (parts, message) => {
      try {
        compilePattern(parts.join(''))(message);
      } catch (error) {
        expect(error).toMatchObject({ code: 'InvalidParameterException' });
      }
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, term, after) => {
      const quoted = `"${term.replace(/[\\"]/g, '\\$&')}"`;
      expect(matches(quoted, before + term + after)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (value) => {
      const literal = `"${value.replace(/[\\"*]/g, '\\$&')}"`;
      expect(matches(`{ $.v = ${literal} }`, JSON.stringify({ v: value }))).toBe(true);
      expect(matches(`{ $.v != ${literal} }`, JSON.stringify({ v: value }))).toBe(false);
    }),
  );
});
