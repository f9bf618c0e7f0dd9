import { expect, test } from 'vitest';
import { REDACTED, redactTokens } from '../../src/workflow/redact.js';
import { findRequestId } from '../../src/workflow/request-id.js';

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
