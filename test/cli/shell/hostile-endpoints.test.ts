import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { expect, test } from 'vitest';
import { listening } from '../../listening.js';
import { silentWaits } from '../../silent-waits.js';
import { directory, errorOf, run } from '../world.js';

// Whatever answers at an endpoint: an error of its own, in time, and never called a bug of ours.

const http = (listener: RequestListener): Promise<string> => listening(createServer(listener));
const answering = (
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<string> =>
  http((request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  });

const arn = 'arn:aws:states:ap-northeast-1:101010101010:execution:m:e';
const commands = [
  ['list'],
  ['show', arn],
  ['history', arn],
  ['machines'],
  ['start', 'command', '--input', '{}', '--no-check'],
  ['stop', arn],
];

test.each([
  ['a page', () => answering(200, '<html>hello</html>', { 'content-type': 'text/html' })],
  ['half of its JSON', () => answering(200, '{"executions":[')],
  ['nothing', () => answering(500, '')],
  ['a redirect', () => answering(307, '', { location: 'http://127.0.0.1:1/' })],
  ['404 of another server', () => answering(404, 'Not Found')],
  ['what is not HTTP', () => listening(createTcp((socket) => socket.end('SSH-2.0-OpenSSH\r\n')))],
  [
    'a reset',
    () =>
      listening(
        createTcp((socket) => socket.on('data', () => socket.resetAndDestroy()).on('error', () => {})),
      ),
  ],
  [
    'an end within the body',
    () =>
      http((_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{');
        response.destroy();
      }),
  ],
  [
    'the same nextToken again and again',
    () => answering(200, '{"stateMachines":[],"executions":[],"events":[],"nextToken":"t"}'),
  ],
])('an endpoint that answers with %s', { timeout: 60_000 }, async (_, serve) => {
  const endpoint = await serve();
  const cwd = directory();
  for (const command of commands) {
    const ran = await run([...command, '--endpoint-url', endpoint, '-o', 'json'], { cwd });
    if (ran.code === 0) continue; // What it said can be read as an answer.
    const error = errorOf(ran);
    expect({ command, ...error }).toMatchObject({ exitCode: expect.toBeOneOf([2, 3, 6]) });
    expect(error.message).not.toMatch(/hidden field|\$response|UnknownError|at .*\.js:/);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  }
});

test.each(['http://127.0.0.1:99999', 'http://', 'ftp://x', 'nonsense', 'http:///x'])(
  '--endpoint-url %s is refused',
  async (url) => {
    expect(errorOf(await run(['list', '--endpoint-url', url, '-o', 'json']))).toMatchObject({ exitCode: 2 });
  },
);

test('a password in an endpoint is refused, and repeated nowhere', async () => {
  const ran = await run(['list', '--endpoint-url', 'http://me:geheim@127.0.0.1:1', '-v']);
  expect(ran).toMatchObject({ code: 2, stderr: expect.not.stringContaining('geheim') });
});

test('watch --timeout ends in its time, whatever the endpoint does', async () => {
  const endpoint = await http(() => {});
  const began = performance.now();
  const ran = await run(['watch', arn, '--timeout', '1', '--endpoint-url', endpoint, '-o', 'json']);
  expect(errorOf(ran)).toMatchObject({ exitCode: 124 });
  // Ten times what it was given, on a machine that does much else; without it, it would be half a minute.
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('calls that wait for work are not cut like others, and never made twice', async () => {
  const { longestCallMs, sdkConfig } = await import('../../../src/aws/client.js');
  const settings = {
    region: 'x',
    limiter: { take: async () => {}, throttled() {} },
    waits: silentWaits,
    anonymous: true,
    verbose() {},
    now: () => 0,
  };
  for (const operation of ['StartSyncExecution', 'Invoke', 'StartLiveTail'] as const) {
    const { maxAttempts, requestHandler } = sdkConfig(settings, operation);
    expect([maxAttempts, requestHandler.socketTimeout]).toEqual([1, longestCallMs[operation]]);
  }
  // Express workflows may take five minutes, functions fifteen.
  expect(longestCallMs.StartSyncExecution).toBeGreaterThan(300_000);
  expect(longestCallMs.Invoke).toBeGreaterThan(900_000);
});

test('watch by name ends in its time too, where nothing answers', async () => {
  const endpoint = await http(() => {});
  const ran = await run(['watch', 'somewhere', '--timeout', '1', '--endpoint-url', endpoint, '-o', 'json']);
  expect(errorOf(ran)).toMatchObject({ exitCode: 124 });
});

test('a watch that loses its credentials says that the execution goes on, and how to come back', async () => {
  const endpoint = await answering(400, '{"__type":"ExpiredTokenException","message":"expired"}');
  const ran = await run(['watch', arn, '--endpoint-url', endpoint, '-o', 'json']);
  const error = errorOf(ran);
  expect(error).toMatchObject({ exitCode: 4, message: expect.stringMatching(/keeps running/) });
  expect(error.hint).toContain(`mbc-flow watch ${arn}`);
});
