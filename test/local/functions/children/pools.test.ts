import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FunctionSpec } from '../../../../src/local/index.js';
import { failure, folderOf, startFunctions } from '../start.js';

/** A function whose module has this text. */
function functionOf(module: string, spec: Partial<Exclude<FunctionSpec, string>> = {}) {
  const base = folderOf({ 'main.mjs': module });
  const functions = startFunctions({ base, functions: { fn: { module: './main.handler', ...spec } } });
  return { ...functions, base, call: (event: unknown = {}) => functions.invoke('fn', JSON.stringify(event)) };
}

test('gives the event, the context and the environment of Lambda', async () => {
  const { call } = functionOf(
    `export const handler = async (event, context) => ({
      event,
      left: context.getRemainingTimeInMillis(),
      arn: context.invokedFunctionArn,
      requestId: context.awsRequestId,
      memory: context.memoryLimitInMB,
      env: Object.fromEntries(Object.entries(process.env).filter(([k]) => /^(AWS_|OWN)/.test(k))),
    })`,
    { timeoutSeconds: 5, memoryMB: 300, env: { OWN: '日本' } },
  );
  const result = await call({ 名: 'りんご' });
  const told = JSON.parse(result.payload);
  expect(result).toMatchObject({ statusCode: 200, executedVersion: '$LATEST', requestId: told.requestId });
  expect(told.event).toEqual({ 名: 'りんご' });
  expect(told.left).toBeGreaterThan(3000);
  expect(told.left).toBeLessThanOrEqual(5000);
  expect(told.arn).toBe('arn:aws:lambda:ap-northeast-1:101010101010:function:fn');
  expect(told.memory).toBe('300');
  expect(told.env).toMatchObject({
    OWN: '日本',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_REGION: 'ap-northeast-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:8083',
    AWS_LAMBDA_FUNCTION_NAME: 'fn',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '300',
  });
});

test('the app’s environment, its endpoints moved to where they are, and nobody’s credentials', async () => {
  const base = folderOf({ 'main.mjs': 'export const handler = async () => process.env' });
  const functions = startFunctions({
    base,
    functions: { fn: './main.handler' },
    env: () => ({
      APP_NAME: 'demo',
      SFN_ENDPOINT: 'http://localhost:1',
      DYNAMODB_ENDPOINT: 'http://localhost:8000',
      AWS_PROFILE: 'prod',
      AWS_SECRET_ACCESS_KEY: 'secret',
    }),
    services: { dynamodb: 'http://localhost:8000' },
  });
  const told = JSON.parse((await functions.invoke('fn', '{}')).payload);
  expect(told).toMatchObject({
    APP_NAME: 'demo',
    SFN_ENDPOINT: 'http://127.0.0.1:8083',
    DYNAMODB_ENDPOINT: 'http://localhost:8000',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:8083',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  expect(told).not.toHaveProperty('AWS_PROFILE');
  expect(told).not.toHaveProperty('S3_ENDPOINT');
});

test('answers of handlers that call back, return nothing, or end without an answer', async () => {
  const { call } = functionOf(`export const handler = (event, context, callback) => {
    if (event.how === 'callback') setTimeout(() => callback(null, 'called'), 1);
    if (event.how === 'error') callback(new RangeError('no'));
    if (event.how === 'promise') return Promise.resolve();
    if (event.how === 'never') return new Promise(() => {});
    if (event.how === 'both') { callback(null, 1); callback(null, 2); }
  }`);
  const returned = async (how: string) => (await call({ how })).payload;
  expect(await returned('callback')).toBe('"called"');
  expect(await returned('promise')).toBe('null');
  expect(await returned('never')).toBe('null');
  expect(await returned('nothing')).toBe('null');
  expect(await returned('both')).toBe('1');
  expect(failure(await call({ how: 'error' }))).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'no',
  });
});

test('what goes wrong in a handler becomes the error that Lambda tells of', async () => {
  const { call } = functionOf(
    `class OwnError extends Error { name = 'OwnError' }
    export const handler = async ({ how }) => {
      if (how === 'throw') throw new OwnError('broken');
      if (how === 'string') throw 'just text';
      if (how === 'exit') process.exit(3);
      if (how === 'exit0') process.exit(0);
      if (how === 'kill') process.kill(process.pid, 'SIGKILL');
      if (how === 'heap') { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); }
      if (how === 'hang') for (;;);
      if (how === 'rejection') { Promise.reject(new Error('nobody caught')); await new Promise(() => {}); }
      if (how === 'uncaught') { setTimeout(() => { throw new TypeError('late') }); await new Promise(() => {}); }
      if (how === 'circular') { const a = {}; a.a = a; return a; }
      if (how === 'bigint') return 1n;
      if (how === 'deep') return Array.from({ length: 2000 }).reduce((inner) => [inner], 1);
      if (how === 'large') return 'x'.repeat((6 << 20) + 100);
      return how;
    }`,
    { timeoutSeconds: 1.5, memoryMB: 64 },
  );
  const error = async (how: string) => failure(await call({ how }));
  const thrown = await error('throw');
  expect(thrown).toMatchObject({ errorType: 'OwnError', errorMessage: 'broken' });
  expect(thrown.trace?.[0]).toBe('OwnError: broken');
  expect(await error('string')).toMatchObject({ errorType: 'string', errorMessage: 'just text' });
  expect(await error('circular')).toMatchObject({ errorType: 'Runtime.MarshalError' });
  expect(await error('bigint')).toMatchObject({ errorType: 'Runtime.MarshalError' });
  expect(await error('deep')).toMatchObject({
    errorType: 'Runtime.MarshalError',
    errorMessage: expect.stringContaining('levels deep'),
  });
  expect(await error('large')).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  expect(await error('exit')).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/),
  });
  expect((await error('exit0')).errorMessage).toMatch(/Runtime exited without providing a reason$/);
  expect((await error('kill')).errorMessage).toMatch(/signal: killed$/);
  expect(await error('heap')).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/signal: killed$/),
  });
  expect(await error('hang')).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.50 seconds$/),
  });
  expect(await error('rejection')).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: nobody caught',
    trace: expect.arrayContaining(['Runtime.UnhandledPromiseRejection: Error: nobody caught']),
  });
  expect(await error('uncaught')).toMatchObject({ errorType: 'TypeError', errorMessage: 'late' });
  expect((await call({ how: 'still there' })).payload).toBe('"still there"');
});

test('modules that cannot be used are Lambda errors too', async () => {
  const base = folderOf({
    'broken.mjs': 'export const handler = ;',
    'throws.mjs': 'throw new RangeError("at load")',
    'needs.mjs': 'import "not-there-at-all"; export const handler = 1',
    'main.js': 'module.exports.user = { create: async () => "nested" }',
    'text.cjs': 'Object.assign(module.exports, { handler: async () => "assigned" })',
    'a.b.mjs': 'export const handler = async () => "dots"',
  });
  const functions = startFunctions({
    base,
    functions: Object.fromEntries(
      ['broken', 'throws', 'needs', 'absent', 'text', 'a.b'].map((name) => [
        name.replace('.', '-'),
        `./${name}.handler`,
      ]),
    ),
  });
  const more = startFunctions({
    base,
    functions: {
      nested: './main.user.create',
      noExport: './text.other',
      hash: './a.b.mjs#handler',
      file: './a.b.mjs',
    },
  });
  expect(failure(await functions.invoke('broken', '{}')).errorType).toBe('Runtime.UserCodeSyntaxError');
  expect(failure(await functions.invoke('throws', '{}'))).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'at load',
  });
  expect(failure(await functions.invoke('needs', '{}'))).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: expect.stringContaining('not-there-at-all'),
  });
  expect(failure(await functions.invoke('absent', '{}')).errorType).toBe('Runtime.ImportModuleError');
  expect(failure(await more.invoke('noExport', '{}'))).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: expect.stringContaining('other is undefined or not exported'),
  });
  expect(failure(await more.invoke('hash', '{}')).errorMessage).toMatch(
    /a\.b\.mjs: mjs#handler is undefined or not exported; it exports handler \(written as …\/a\.b\.handler\)$/,
  );
  expect((await functions.invoke('text', '{}')).payload).toBe('"assigned"');
  expect((await functions.invoke('a-b', '{}')).payload).toBe('"dots"');
  expect((await more.invoke('file', '{}')).payload).toBe('"dots"');
  expect((await more.invoke('nested', '{}')).payload).toBe('"nested"');
});

test('a child takes one request at a time, is used again, and there are no more of them than the pool allows', async () => {
  const { call } = functionOf(
    `let inside = 0, most = 0, served = 0;
    export const handler = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
      return { pid: process.pid, most, served: ++served };
    }`,
    { concurrency: 2 },
  );
  const results = await Promise.all(
    Array.from({ length: 20 }, async () => JSON.parse((await call()).payload)),
  );
  expect(new Set(results.map(({ pid }) => pid)).size).toBe(2);
  expect(results.every(({ most }) => most === 1)).toBe(true);
  expect(Math.max(...results.map(({ served }) => served))).toBeGreaterThan(1);
});

test('a request that waits for a child can be given up', async () => {
  const { invoke } = functionOf(
    'export const handler = async (ms) => { await new Promise((r) => setTimeout(r, ms)); return "done" }',
    { concurrency: 1 },
  );
  const first = invoke('fn', '200');
  const abort = new AbortController();
  const second = invoke('fn', '1', abort.signal);
  const third = invoke('fn', '1');
  abort.abort();
  expect((await second).serviceError?.code).toBe('ServiceException');
  expect((await first).payload).toBe('"done"');
  expect((await third).payload).toBe('"done"');
});

test('a changed file is loaded anew', async () => {
  const { call, base } = functionOf('export const handler = async () => "first"');
  expect((await call()).payload).toBe('"first"');
  const file = join(base, 'main.mjs');
  writeFileSync(file, 'export const handler = async () => "second"');
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  expect((await call()).payload).toBe('"second"');
});

test('what a function prints goes into the log under its name', async () => {
  const { call, lines } = functionOf(
    'export const handler = async () => { console.log("出力 1\\n2"); console.error("oh"); process.exit(1) }',
  );
  await call();
  await expect.poll(() => [...lines].sort()).toEqual(['[fn] 2', '[fn] oh', '[fn] 出力 1']);
});

test('stop kills children and answers requests', async () => {
  const base = folderOf({
    'main.mjs': `import { writeFileSync } from 'node:fs';
    export const handler = async (file) => { writeFileSync(file, String(process.pid)); for (;;); }`,
  });
  const file = join(base, 'pid');
  const functions = startFunctions({ base, functions: { '*': './main.handler' } });
  const busy = functions.invoke('any', JSON.stringify(file));
  await expect.poll(() => existsSync(file)).toBe(true);
  await functions.stop();
  expect((await busy).serviceError?.code).toBe('ServiceException');
});

test('what a function writes to the server’s own channel is passed over, and its answer is still its answer', async () => {
  const { call } = functionOf(`import { writeSync } from 'node:fs';
    export const handler = async ({ how }) => {
      if (how === 'send') process.send?.(null);
      if (how === 'bytes') writeSync(3, Buffer.from([0xff, 0xff, 0, 1, 2]));
      if (how === 'told') writeSync(3, '{"type":"told"}\\n[1]\\nnull\\n');
      if (how === 'answer') writeSync(3, '{"type":"answer","payload":"1","failed":false}\\n');
      if (how === 'line') process.stdout.write('x'.repeat(3 << 20));
      return how;
    };`);
  for (const how of ['send', 'bytes', 'told', 'answer', 'line', 'none'])
    expect(await call({ how })).toMatchObject({ payload: JSON.stringify(how) });
});
