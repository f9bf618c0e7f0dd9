import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type DevServer, startCli, startDev } from '../e2e/cli.js';
import { tokenFor } from './link.js';
import { opened, send } from './requests.js';

// What another page, another program or a link could send to the UI: refused or harmless.

let dev: DevServer;
let ui: string;
let token: string;
beforeAll(async () => {
  dev = await startDev();
  ({ uiEndpoint: ui } = JSON.parse(dev.cli.stdout.split('\n')[0] ?? '{}'));
  token = await tokenFor(dev);
});

const withToken = (more: Record<string, string> = {}) => ({ 'X-Mbc-Flow-Token': token, ...more });
const json = { 'Content-Type': 'application/json' };
const stopNothing = JSON.stringify({
  executions: ['arn:aws:states:ap-northeast-1:101010101010:execution:m:e'],
  confirm: true,
});
const changes = ['/api/executions/stop', '/api/executions/redrive'];

test('with its token, and only so, the API answers', async () => {
  expect((await send(ui, '/api/target', { headers: withToken() })).status).toBe(200);
  const others: Record<string, string>[] = [
    {},
    { 'X-Mbc-Flow-Token': 'x'.repeat(43) },
    { 'X-Mbc-Flow-Token': `${token}x` },
    { Cookie: `token=${token}; X-Mbc-Flow-Token=${token}` },
    { Authorization: `Bearer ${token}` },
  ];
  for (const headers of others) expect((await send(ui, '/api/target', { headers })).status).toBe(401);
  expect((await send(ui, `/api/target?token=${token}`)).status).toBe(401);
  expect((await send(ui, `/api/events?topic=executions&token=${token}`)).status).toBe(401);
});

test('another name for this machine (DNS rebinding) is refused on every address', async () => {
  const { port } = new URL(ui);
  for (const path of ['/', '/executions', '/assets/icon.svg', '/api/target', '/api/events?topic=executions'])
    for (const Host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `0.0.0.0:${port}`,
      '',
    ])
      expect((await send(ui, path, { headers: withToken({ Host }) })).status, `${Host} ${path}`).toBe(403);
  for (const Host of [`localhost:${port}`, `[::1]:${port}`])
    expect((await send(ui, '/api/target', { headers: withToken({ Host }) })).status).toBe(200);
});

test('a foreign Origin is refused on every address, this machine’s other ports too, and no answer allows any', async () => {
  const { port } = new URL(ui);
  for (const path of ['/', '/assets/icon.svg', '/api/target', '/api/events?topic=executions'])
    for (const Origin of [
      'https://evil.example',
      'null',
      'http://localhost:3000',
      `http://localhost:${port}`,
      `https://127.0.0.1:${port}`,
    ]) {
      const { status, headers } = await send(ui, path, { headers: withToken({ Origin }) });
      expect(status, `${Origin} ${path}`).toBe(403);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  const asked = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
  const preflight = await send(ui, '/api/executions/stop', { method: 'OPTIONS', headers: asked });
  expect(preflight.status).toBe(403);
  expect((await send(ui, '/api/executions/stop', { method: 'OPTIONS' })).status).toBe(405);
  expect((await send(ui, '/api/target', { headers: withToken({ Origin: ui }) })).status).toBe(200);
});

test('what browsers say of other sites’ requests is believed', async () => {
  for (const site of ['cross-site', 'same-site', 'none'])
    expect((await send(ui, '/api/target', { headers: withToken({ 'Sec-Fetch-Site': site }) })).status).toBe(
      403,
    );
  const headers = withToken({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate' });
  expect((await send(ui, '/api/target', { headers })).status).toBe(403);
});

test('a form, a link and a beacon change nothing', async () => {
  const forms = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
  ];
  for (const path of changes) {
    for (const type of forms) {
      const sent = { method: 'POST', body: stopNothing };
      expect((await send(ui, path, { ...sent, headers: { 'Content-Type': type } })).status).toBe(401);
      expect((await send(ui, path, { ...sent, headers: withToken({ 'Content-Type': type }) })).status).toBe(
        415,
      );
    }
    expect((await send(ui, path, { method: 'POST', headers: withToken(), body: stopNothing })).status).toBe(
      415,
    );
    expect((await send(ui, path, { headers: withToken() })).status).toBe(405);
    expect(
      (await send(ui, path, { method: 'PUT', headers: withToken(json), body: stopNothing })).status,
    ).toBe(405);
  }
});

test('a change that nobody confirmed is refused', async () => {
  for (const confirm of [undefined, false, 'yes', 'prod', 1, null]) {
    const body = JSON.stringify({ ...JSON.parse(stopNothing), confirm });
    const { status, body: answer } = await send(ui, changes[0] ?? '', {
      method: 'POST',
      headers: withToken(json),
      body,
    });
    expect([status, JSON.parse(answer).error.code]).toEqual([400, 'ConfirmationNeeded']);
  }
});

test('every answer forbids frames, foreign scripts, guesses of its type, and to tell where it is', async () => {
  for (const path of [
    '/',
    '/executions/x',
    '/assets/icon.svg',
    '/assets/nothing.js',
    '/api/target',
    '/api/nothing',
    '/%00',
  ]) {
    const { headers } = await send(ui, path, { headers: withToken() });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|http/);
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['set-cookie']).toBeUndefined();
  }
});

test('no path leads to another file', async () => {
  const refused = [
    '/assets/../../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/..%5c..%5cpackage.json',
    '//etc/passwd',
  ];
  for (const path of [
    ...refused,
    '/assets/\\..\\x',
    '/%00',
    '/a%zz',
    'http://evil.example/',
    `/${'a'.repeat(9_000)}`,
  ]) {
    const { status, body } = await send(ui, path);
    expect([400, 414, 431], path).toContain(status);
    expect(body).not.toMatch(/root:|"version"/);
  }
  for (const path of [
    '/assets/package.json',
    '/assets/index.html',
    '/assets/',
    '/assets/..%2fmain.js',
    '/assets/__proto__',
  ])
    expect((await send(ui, path)).status, path).toBe(404);
  for (const path of ['/api/', '/api/__proto__', '/api/executions/constructor', '/api/%ff'])
    expect((await send(ui, path, { headers: withToken() })).status, path).toBe(404);
  // Whatever else is asked for shows the page, which says that there is none.
  expect((await send(ui, '/package.json')).body).toContain('<div id="app">');
});

test('a body that is too large is not read', async () => {
  const large = await send(ui, '/api/executions/stop', {
    method: 'POST',
    headers: withToken({ ...json, 'Content-Length': '1000000000000' }),
    body: '{',
  });
  expect([large.status, large.headers.connection]).toEqual([413, 'close']);
  // Without its length, as it comes.
  const chunked = await send(ui, '/api/executions/stop', {
    method: 'POST',
    headers: withToken({ ...json, 'Transfer-Encoding': 'chunked' }),
    body: Buffer.alloc(3 << 20, ' '),
  }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
  expect([413, 'EPIPE', 'ECONNRESET']).toContain(chunked.status);
  const headers = withToken({ 'X-Much': 'x'.repeat(20_000) });
  expect((await send(ui, '/api/target', { headers })).status).toBe(431);
  for (const body of ['', '[]', '"x"', '{', '\uffff', `{"executions":${'['.repeat(100_000)}`])
    expect(
      (await send(ui, changes[0] ?? '', { method: 'POST', headers: withToken(json), body })).status,
    ).toBe(400);
  expect((await send(ui, '/api/target', { headers: withToken() })).status).toBe(200);
});

test('open event streams are counted; one that is closed makes room', async () => {
  const open = () => opened(ui, '/api/events?topic=machines&since=', { headers: withToken() });
  const streams = await Promise.all(Array.from({ length: 40 }, open));
  const statuses = streams.map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(32);
  expect(statuses.filter((status) => status === 429)).toHaveLength(8);
  for (const stream of streams) stream.destroy();
  await expect
    .poll(async () => {
      const again = await open();
      again.destroy();
      return again.statusCode;
    })
    .toBe(200);
  for (const path of [
    '/api/events',
    '/api/events?topic=nothing',
    '/api/events?topic=__proto__',
    `/api/events?${'topic=machines&'.repeat(20)}`,
  ])
    expect((await send(ui, path, { headers: withToken() })).status, path).toBe(404);
});

test('what is stored in S3 is no page of its server’s: a browser shows it in a sandbox', async () => {
  const page = '<script>document.title = 1</script>';
  await send(dev.endpoint, '/local-bucket/page.html', {
    method: 'PUT',
    headers: { 'Content-Type': 'text/html' },
    body: page,
  });
  const shown: Record<string, string>[] = [
    { 'Sec-Fetch-Mode': 'navigate' },
    { 'Sec-Fetch-Dest': 'iframe' },
    { Accept: 'text/html,*/*' },
  ];
  for (const headers of shown)
    expect(
      (await send(dev.endpoint, '/local-bucket/page.html', { headers })).headers['content-security-policy'],
    ).toBe('sandbox');
  const plain = await send(dev.endpoint, '/local-bucket/page.html');
  expect([plain.body, plain.headers['content-security-policy']]).toEqual([page, undefined]);
});

test('changes of the local server are told to nobody else', async () => {
  const foreign: Record<string, string>[] = [{ Host: 'evil.example' }, { Origin: 'https://evil.example' }];
  for (const headers of foreign)
    expect((await send(dev.endpoint, '/_mbc-flow/changes', { headers })).status).toBe(403);
});

describe('other consoles', () => {
  const serve = async (args: string[]) => {
    const target = { region: 'ap-northeast-1', account: '101010101010', protected: true };
    writeFileSync(join(dev.cwd, 'mbc-flow.json'), JSON.stringify({ targets: { prod: target } }));
    const cli = startCli(['ui', '--port', '0', '-o', 'json', ...args], {
      cwd: dev.cwd,
      env: { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: dev.endpoint },
    });
    onTestFinished(() => void cli.child.kill('SIGTERM'));
    const [line] = await cli.waitFor(/^\{.*"ready":true.*\}$/m);
    return { cli, address: (JSON.parse(line) as { uiEndpoint: string }).uiEndpoint };
  };

  test('--read-only refuses every change in the server, and its token opens no other', async () => {
    const { cli, address } = await serve(['--local', '--read-only']);
    expect((await send(address, '/api/target', { headers: withToken() })).status).toBe(401);
    const headers = { 'X-Mbc-Flow-Token': await tokenFor(dev, { readOnly: true }) };
    expect(JSON.parse((await send(address, '/api/target', { headers })).body)).toMatchObject({
      readOnly: true,
    });
    for (const path of [...changes, '/api/executions/x/rerun']) {
      const sent = { method: 'POST', headers: { ...headers, ...json }, body: stopNothing };
      const { status, body } = await send(address, path, sent);
      expect([status, JSON.parse(body).error.code]).toEqual([403, 'ReadOnly']);
    }
    expect((await send(ui, '/api/target', { headers })).status).toBe(401);
    cli.child.kill('SIGTERM');
    expect((await cli.done).exitCode).toBe(143);
  });

  test('a protected target is changed only where its name was typed', async () => {
    const { address } = await serve(['--target', 'prod']);
    const place = JSON.stringify(['prod', dev.cwd, null, null, null]);
    const headers = { 'X-Mbc-Flow-Token': await tokenFor(dev, { place }) };
    expect(JSON.parse((await send(address, '/api/target', { headers })).body)).toMatchObject({
      protected: true,
    });
    const asked = (confirm: unknown) => ({
      method: 'POST',
      headers: { ...headers, ...json },
      body: JSON.stringify({ ...JSON.parse(stopNothing), confirm }),
    });
    for (const confirm of [true, 'yes', 'PROD', '', undefined])
      expect((await send(address, changes[0] ?? '', asked(confirm))).status).toBe(400);
    const { status, body } = await send(address, changes[0] ?? '', asked('prod'));
    expect([status, JSON.parse(body).results[0].error.code]).toEqual([200, 'ExecutionDoesNotExist']);
  });
});
