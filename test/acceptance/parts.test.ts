import { expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { isMissing } from '../../acceptance/clients.js';
import { zipOf } from '../../acceptance/provide.js';
import { recorder, withoutTokens } from '../../acceptance/recording.js';

test('the ZIP of a function is one that others read', async () => {
  const body = 'export const handler = () => "日本";\n';
  const read = await new Promise<string>((resolve, reject) => {
    fromBuffer(zipOf('index.mjs', Buffer.from(body)), { lazyEntries: true }, (failure, zip) => {
      if (failure) return reject(failure);
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk) => chunks.push(chunk));
          stream.on('end', () => resolve(`${entry.fileName} ${Buffer.concat(chunks)}`));
        }),
      );
      zip.readEntry();
    });
  });
  expect(read).toBe(`index.mjs ${body}`);
});

test.each([
  [{ name: 'UnknownOperationException', message: '' }, true],
  [{ name: 'InternalFailure', message: "API action 'TestState' for service is not yet implemented" }, true],
  [
    {
      name: 'NotImplemented',
      message: 'A header you provided implies functionality that is not implemented',
    },
    true,
  ],
  [{ name: 'UnknownError', message: 'UnknownError', $metadata: { httpStatusCode: 404 } }, true],
  [
    { name: 'ResourceNotFoundException', message: 'Function not found', $metadata: { httpStatusCode: 404 } },
    false,
  ],
  [{ name: 'StateMachineTypeNotSupported', message: 'This operation is not supported by this type' }, false],
  [{ name: 'InternalFailure', message: 'broken', $metadata: { httpStatusCode: 500 } }, false],
])('%j', (error, missing) => {
  expect(isMissing(error)).toBe(missing);
});

test('a recording has placeholders for what is of one run, and keeps what the case gave', () => {
  const now = new Date().toISOString();
  const id = '0f0e0d0c-0000-4000-8000-0123456789ab';
  const given = '00000000-0000-4000-8000-000000000000';
  const record = recorder(`{"given":"${given}"}`);
  const token = 'AQCEAAAAKgAAAAMAAAAAAAAAAb1'.repeat(5);
  expect(
    record({
      output: `{"a":1.0,"id":"${id}","given":"${given}"}`,
      now,
      old: '2020-01-01T00:00:00Z',
      id,
      at: Date.now(),
      token,
    }),
  ).toMatchObject({
    output: { id: '<uuid:1>', given },
    now: '<timestamp>',
    old: '2020-01-01T00:00:00Z',
    id: '<uuid:1>',
    at: '<timestamp>',
    token: '<token>',
  });
  expect(withoutTokens(`token ${token}`)).toBe('token <token>');
});
