import { expect, test } from 'vitest';
import { jsonErrorOffset, jsonProblem } from '../../src/json/json-positions.js';

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

test.each([
  ['nope', `Unrecognized token 'nope': was expecting ${VALUES}`, 0],
  ['NaN', "Non-standard token 'NaN': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow", 0],
  ['[1,]', `Unexpected character (']' (code 93)): expected a valid value ${VALUES}`, 3],
  ['{"a":}', "Unexpected character ('}' (code 125)): expected a value", 5],
  ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 7],
  [
    '{"a" 1}',
    "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    5,
  ],
  ['[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 3],
  ['[01]', 'Invalid numeric value: Leading zeroes not allowed', 2],
  ['-00', 'Invalid numeric value: Leading zeroes not allowed', 2],
  ['{"a":', 'Unexpected end-of-input within/between Object entries', 5],
  ['{"a":1, ', 'Unexpected end-of-input within/between Object entries', 8],
  ['[1,', 'Unexpected end-of-input within/between Array entries', 3],
  ['"abc', 'Unexpected end-of-input: was expecting closing quote for a string value', 0],
  ['{"ab', 'Unexpected end-of-input in field name', 1],
  [
    '"a\tb"',
    'Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash to be included in string value',
    2,
  ],
  [
    '{"a\n":1}',
    'Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in name',
    3,
  ],
  ['"a\\x"', "Unrecognized character escape 'x' (code 120)", 3],
  [
    '"\\u12g4"',
    "Unexpected character ('g' (code 103)): expected a hex-digit for character escape sequence",
    5,
  ],
  ['"\\u12', 'Unexpected end-of-input in character escape sequence', 5],
])('%s is told as the parser of AWS tells it', (text, problem, offset) => {
  expect([jsonProblem(text), jsonErrorOffset(text)]).toEqual([problem, offset]);
});

test.each(['{}', '[0, -0, 0.5, 1e0]', '"\\u0041\\/\\n"', ' null '])('%s is JSON', (text) => {
  expect(jsonProblem(text)).toBeUndefined();
});
