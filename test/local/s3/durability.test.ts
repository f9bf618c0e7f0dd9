import { once } from 'node:events';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bucket, noise, startS3, type TestS3, temporaryDirectory } from './harness.js';

const body = noise(3_000_000);

/** Sends the start of an upload over a bare socket; the rest never comes. */
async function half(s3: TestS3, headers: string, bytes: Buffer): Promise<ReturnType<TestS3['socket']>> {
  const socket = s3.socket();
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write(`PUT /${bucket}/k HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n`);
  socket.write(bytes);
  // The server is in the midst of the body once its file is there.
  while (s3.files().length === 0) await new Promise((resolve) => setImmediate(resolve));
  return socket;
}

const gone = async (s3: TestS3): Promise<void> => {
  while (s3.files().length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(s3.objects.list(bucket)).toEqual([]);
};

test.each([
  ['in the midst of a body', `Content-Length: ${body.length}`, body.subarray(0, 1_000_000)],
  [
    'in the midst of an aws-chunked body',
    [
      'Transfer-Encoding: chunked',
      'x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-trailer: x-amz-checksum-crc32',
      `x-amz-decoded-content-length: ${body.length}`,
    ].join('\r\n'),
    Buffer.concat([
      Buffer.from(`${(body.length + 8).toString(16)}\r\n${body.length.toString(16)}\r\n`),
      body.subarray(0, 1_000_000),
    ]),
  ],
])('a client that vanishes %s leaves nothing', async (_, headers, bytes) => {
  const s3 = await startS3();
  (await half(s3, headers, bytes)).destroy();
  await gone(s3);
  (await half(s3, headers, bytes)).end();
  await gone(s3);
});

test('a client that vanishes while it reads holds nothing back', async () => {
  const s3 = await startS3();
  await s3.objects.put(bucket, 'k', noise(20_000_000));
  const socket = s3.socket();
  socket.write(`GET /${bucket}/k HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  await s3.send('DELETE', `/${bucket}/k`);
  expect(s3.files()).toHaveLength(1);
  socket.destroy();
  await gone(s3);
});

test('an object whose body file was cut short is not there: whoever uploads looks first', async () => {
  const s3 = await startS3();
  await s3.objects.put(bucket, 'k', body);
  truncateSync(join(s3.directory, String(s3.files()[0])), 1_000_000);
  expect((await s3.send('GET', `/${bucket}/k`)).status).toBe(404);
  expect((await s3.send('HEAD', `/${bucket}/k`)).status).toBe(404);
});

test('Expect: 100-continue is answered before the body comes', async () => {
  const s3 = await startS3();
  const socket = s3.socket();
  socket.write(
    `PUT /${bucket}/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toContain('HTTP/1.1 100 Continue');
  socket.write('hello');
  const [second] = (await once(socket, 'data')) as [Buffer];
  expect(second.toString()).toContain('HTTP/1.1 200 OK');
  socket.destroy();
});

test('after an error in the midst of a body the connection goes on', async () => {
  const s3 = await startS3();
  const socket = s3.socket();
  const headers = `Host: x\r\nContent-Length: ${body.length}`;
  socket.write(`PUT /none-such/k HTTP/1.1\r\n${headers}\r\n\r\n`);
  socket.write(body);
  socket.write(`PUT /${bucket}/k HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
  socket.write(body);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  await once(socket, 'end');
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['404', '200']);
  expect(s3.objects.head(bucket, 'k')?.size).toBe(body.length);
});

test('at the start, files without a row go and objects stay', async () => {
  const dir = temporaryDirectory();
  const before = await startS3(dir);
  await before.objects.put(bucket, 'k', body);
  await before.objects.put(bucket, 'small', Buffer.from('inline'));
  const [file] = before.files();
  await before.stop();
  mkdirSync(join(dir, 'objects'), { recursive: true });
  writeFileSync(join(dir, 'objects', 'f'.repeat(32)), 'abandoned');
  const after = await startS3(dir);
  expect(after.files()).toEqual([file]);
  expect((await after.send('GET', `/${bucket}/k`)).body.equals(body)).toBe(true);
  expect((await after.send('GET', `/${bucket}/small`)).body.toString()).toBe('inline');
});

test('a reader gets to the end of what was replaced and deleted; then its file goes', async () => {
  const s3 = await startS3();
  await s3.objects.put(bucket, 'k', body);
  const begun = s3.objects.read(bucket, 'k')?.[Symbol.asyncIterator]();
  const waiting = s3.objects.read(bucket, 'k', 1_000_000) ?? [];
  const unused = s3.objects.read(bucket, 'k')?.[Symbol.asyncIterator]();
  const first = await begun?.next();
  await s3.objects.put(bucket, 'k', noise(50_000, 2));
  await s3.send('DELETE', `/${bucket}/k`);
  expect(s3.files()).toHaveLength(1);
  const chunks: Uint8Array[] = [first?.value];
  for (let next = await begun?.next(); next && !next.done; next = await begun?.next())
    chunks.push(next.value);
  expect(Buffer.concat(chunks).equals(body)).toBe(true);
  const rest: Uint8Array[] = [];
  for await (const chunk of waiting) rest.push(chunk);
  expect(Buffer.concat(rest).equals(body.subarray(1_000_000))).toBe(true);
  await unused?.return?.();
  await gone(s3);
});

test('a store that fails, or a source, leaves no file', async () => {
  const s3 = await startS3();
  const failing = (async function* () {
    yield body;
    throw new Error('source broke');
  })();
  await expect(s3.objects.put(bucket, 'k', failing)).rejects.toThrow('source broke');
  await gone(s3);
  expect(s3.objects.read(bucket, 'k')).toBeUndefined();
  expect(s3.objects.head('none-such', 'k')).toBeUndefined();
  expect((await s3.objects.put('made-at-need', 'k', Buffer.from('x'))).size).toBe(1);
  expect(s3.objects.bucketExists('made-at-need')).toBe(true);
});
