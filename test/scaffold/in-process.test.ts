import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { type Application, application, templateFiles } from './application.js';

// An application's own createHandler as the functions of `mbc-flow/testing`, in the process of the test and outside of
// this repository. (In jest, as CommonJS by ts-jest: `generated.test.ts`.)

const vitest = join(import.meta.dirname, '../../node_modules/vitest');
let app: Application;

beforeAll(async () => {
  const manifest = '{ "name": "demo", "private": true, "devDependencies": { "vitest": "^4.0.0" } }\n';
  app = application({ ...templateFiles, 'package.json': manifest, 'tsconfig.json': tsconfig });
  symlinkSync(vitest, join(app.folder, 'node_modules/vitest'));
  await app.scaffold({ name: 'order-approval', approval: true });
});

const tsconfig = '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }\n';

/** What a process of node's says, and how it ends. */
async function node(...args: string[]): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env.PATH, HOME: app.folder, NO_COLOR: '1', AWS_PROFILE: 'production' };
  const {
    code = 0,
    stdout,
    stderr,
  } = await promisify(execFile)(process.execPath, args, {
    cwd: app.folder,
    env,
  }).then(
    (done) => ({ code: 0, ...done }),
    (error) => error,
  );
  return { code, said: `${stdout}${stderr}` };
}

it('in vitest: the tests that come with a workflow, written for it', async () => {
  expect(app.read('test/unit/order-approval/order-approval.flow.spec.ts')).toContain(`from 'vitest'`);
  const { said } = await node(join(vitest, 'vitest.mjs'), 'run', '--dir', 'test');
  expect(said).toMatch(/Test Files +2 passed/);
  expect(said).toMatch(/Tests +\d+ passed/);
});

const scenario = (load: string): string => `
for (const round of [1, 2])
  test('round ' + round + ': it reaches the server of its test, and no account', async () => {
    const flow = await startFlow({
      machines: ['infra/state-machines/order-approval.asl.json'],
      functions: { '*': { load: () => ${load}, env: { LOG_LEVEL: 'error' } } },
    });
    assert.equal(process.env.AWS_PROFILE, undefined);
    assert.equal(process.env.NODE_ENV, 'dev');
    const execution = await flow.run('order-approval', { requestId: 'r-1' });
    await flow.approve(execution);
    assert.deepEqual([execution.status, execution.error], ['SUCCEEDED', undefined]);
    const { SFNClient, ListStateMachinesCommand } = require('@aws-sdk/client-sfn');
    const { stateMachines } = await new SFNClient({}).send(new ListStateMachinesCommand({}));
    assert.ok(stateMachines.some(({ name }) => name === 'order-approval'));
    await flow.stop();
  });`;

it('in node:test, from what the application was built to, as CommonJS and as an ES module', async () => {
  app.build();
  const common = `const { test } = require('node:test'); const assert = require('node:assert');
    const { startFlow } = require('mbc-flow/testing');`;
  const esm = `import { test } from 'node:test'; import assert from 'node:assert'; import { createRequire } from 'node:module';
    import { startFlow } from 'mbc-flow/testing'; const require = createRequire(import.meta.url);`;
  writeFileSync(join(app.folder, 'common.test.cjs'), common + scenario(`require('./dist/main')`));
  writeFileSync(join(app.folder, 'esm.test.mjs'), esm + scenario(`import('./dist/main.js')`));
  const { said } = await node('--test', '--test-reporter=tap', 'common.test.cjs', 'esm.test.mjs');
  expect(said).toMatch(/# pass 4\n/);
});

it('an application that does not start fails the test, and says why', async () => {
  writeFileSync(
    join(app.folder, 'never.cjs'),
    `const started = Promise.reject(new Error('no database at 127.0.0.1:3306'));
     exports.handler = () => new Promise(() => {});`,
  );
  writeFileSync(
    join(app.folder, 'run.cjs'),
    `const { startFlow } = require('mbc-flow/testing');
     (async () => {
       const flow = await startFlow({
         machines: ['infra/state-machines/order-approval.asl.json'],
         functions: { '*': { load: () => require(process.argv[2]) } },
       });
       await flow.run('order-approval', { requestId: 'r-1' });
     })().catch(({ code, message }) => console.log(code, message));`,
  );
  const { said } = await node('run.cjs', './never.cjs');
  expect(said).toMatch(/^NotStarted .*'\*'.*no database at 127\.0\.0\.1:3306/);
  const { said: missing } = await node('run.cjs', './infra/state-machines/order-approval.asl.json');
  expect(missing).toMatch(/^BadOption functions\.\*: what is loaded has no function 'handler'/);
});
