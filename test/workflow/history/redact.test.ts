import { expect, test } from 'vitest';
import {
  createLineRedactor,
  REDACTED,
  redactedValue,
  redactTokens,
} from '../../../src/workflow/history/redact.js';
import { findRequestId } from '../../../src/workflow/names/request-id.js';

const token = `AQCEAAAAKgAAAAMAAAAA${'b+/='.repeat(150)}`;

test.each([
  ['by its name', '{"taskToken":"secret","a":1}', `{"taskToken":"${REDACTED}","a":1}`],
  ['whatever its case', '{ "TaskToken" : "secret" }', `{ "TaskToken" : "${REDACTED}" }`],
  [
    'in JSON in JSON',
    JSON.stringify({ body: JSON.stringify({ taskToken: 'secret', b: '"' }) }),
    JSON.stringify({ body: JSON.stringify({ taskToken: REDACTED, b: '"' }) }),
  ],
  ['of the context object', '{"Task":{"Token":"secret"},"x":2}', `{"Task":{"Token":"${REDACTED}"},"x":2}`],
  ['by its form alone', `the token is ${token}.`, `the token is ${REDACTED}.`],
  [
    'nothing else',
    '{"token":"mine","title":"AQUA","big":12345678901234567890}',
    '{"token":"mine","title":"AQUA","big":12345678901234567890}',
  ],
])('redacts a token %s', (_, text, expected) => expect(redactTokens(text)).toBe(expected));

test.each([
  [
    { Payload: { input: { requestId: 'r-1' }, context: { Execution: { Input: { requestId: 'r-0' } } } } },
    'r-1',
  ],
  [{ Payload: { requestId: 'r-2' } }, 'r-2'],
  [{ MessageBody: '{"requestId":"r-3"}' }, 'r-3'],
  [{ Payload: { input: { dynamodb: { NewImage: { requestId: { S: 'r-4' } } } } } }, 'r-4'],
  [{ Payload: { input: { requestId: '' } } }, undefined],
  [{ Payload: { note: 'requestId' } }, undefined],
])('finds the request id in %j', (parameters, expected) => {
  expect(findRequestId(JSON.stringify(parameters))).toBe(expected);
});

const long = `AQCEAAAAKgAAAAMAAAAAAAAAA${'b4+/'.repeat(120)}=`;

test.each([
  ['cut off', `Error: {"token":"${long.slice(0, 60)}`, `Error: {"token":"${REDACTED}`],
  ['with escaped slashes', `\\"t\\":\\"${long.replaceAll('/', '\\/')}\\"`, `\\"t\\":\\"${REDACTED}\\"`],
  ['with \\u escapes', `"${long.replaceAll('+', '\\u002b').replace('=', '\\u003d')}"`, `"${REDACTED}"`],
  ['in an address', `?t=${encodeURIComponent(long)}&x=1`, `?t=${REDACTED}&x=1`],
])('no part of a token is left of one %s', (_, text, expected) => expect(redactTokens(text)).toBe(expected));

test('events: every text in them, at any depth; what has none stays the very same', () => {
  const clean = { id: 1, taskFailedEventDetails: { cause: 'no' } };
  expect(redactedValue(clean)).toBe(clean);
  expect(redactedValue({ id: 2, taskFailedEventDetails: { cause: `got ${long}`, error: 'E' } })).toEqual({
    id: 2,
    taskFailedEventDetails: { cause: `got ${REDACTED}`, error: 'E' },
  });
});

test('lines that were split in the midst of a token, wherever', () => {
  const text = `start {"Payload":{"t":"${long}"},"next":"kept"}`;
  for (let at = text.indexOf('AQ') + 5; at < text.length; at += 7) {
    const redact = createLineRedactor();
    const lines = [
      redact('a', text.slice(0, at)),
      redact('b', 'another stream'),
      redact('a', text.slice(at)),
    ];
    expect(lines[1]).toBe('another stream');
    expect(lines.join('')).not.toMatch(/AQCEAAAA|(?:b4\+\/){3}/);
    expect(lines.join('')).toContain('start');
  }
  const redact = createLineRedactor();
  expect(redact('a', 'see the FAQ')).toBe('see the FAQ');
  expect(redact('a', 'Processing 3 rows')).toBe('Processing 3 rows');
  expect(redact('a', `${long.slice(40)}","next":1}`)).toBe(`${REDACTED}","next":1}`);
});
