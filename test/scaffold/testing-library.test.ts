import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';

// `mbc-flow/testing` as a project outside this repository has it: from the packed tarball, in vitest and in jest (the
// framework's applications bring it), as an ES module and as CommonJS.

const root = join(import.meta.dirname, '../..');
const framework = join(root, 'test/installed-framework/node_modules');
const run = promisify(execFile);
let project: string;
let tarball: Buffer;

/** What docs/testing.md shows. */
const blocks = [...readFileSync(join(root, 'docs/testing.md'), 'utf8').matchAll(/^```js\n(.*?)^```/gms)].map(
  ([, block = '']) => block,
);

const approval = {
  StartAt: 'Ask the manager',
  States: {
    'Ask the manager': {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'ask',
        Payload: { 'requestId.$': '$.requestId', 'taskToken.$': '$$.Task.Token' },
      },
      TimeoutSeconds: 604_800,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Not approved' }],
      Next: 'Approved?',
    },
    'Approved?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.approved', BooleanEquals: true, Next: 'Book' }],
      Default: 'Not approved',
    },
    Book: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'book', 'Payload.$': '$' },
      OutputPath: '$.Payload',
      End: true,
    },
    'Not approved': { Type: 'Fail', Error: 'NotApproved' },
  },
};

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'mbc-flow-outside-'));
  const npm = (...args: string[]): string =>
    execFileSync('npm', [...args, '--loglevel=error'], { cwd: project, encoding: 'utf8' });
  write('package.json', '{"private":true}');
  write('approval.asl.json', JSON.stringify(approval));
  // dist/ is fresh: the global set-up has built it.
  const [packed] = JSON.parse(npm('pack', root, '--ignore-scripts', '--json')) as { filename: string }[];
  const file = join(project, packed?.filename ?? '');
  tarball = readFileSync(file);
  npm('install', '--prefer-offline', '--no-audit', '--no-fund', file);
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(join(root, 'node_modules/vitest'), join(project, 'node_modules/vitest'));
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}

/** Runs a script of node's, and gives all that it says. @throws where it fails */
async function node(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: project, TMPDIR: tmpdir(), NO_COLOR: '1' };
  const { stdout, stderr } = await run(process.execPath, args, { cwd: project, env }).catch((error) => {
    throw new Error(`${error.stdout}${error.stderr}`);
  });
  return stdout + stderr;
}

test('vitest runs every example of the documentation, and takes it as CommonJS', async () => {
  expect(blocks.length).toBeGreaterThan(2);
  for (const [index, block] of blocks.entries()) write(`vitest/docs-${index}.test.mjs`, block);
  write(
    'vitest/common.test.mjs',
    (blocks[0] ?? '').replace(
      /import .* from 'mbc-flow\/testing';/,
      `import { createRequire } from 'node:module';\nconst { startFlow } = createRequire(import.meta.url)('mbc-flow/testing');`,
    ),
  );
  const said = await node(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--dir', 'vitest');
  expect(said).toMatch(new RegExp(`Test Files +${blocks.length + 1} passed`));
});

const jest = join(framework, 'jest/bin/jest.js');
const inJest = (block = ''): string => block.replace(/^import .* from 'vitest';\n/m, '');

test('jest runs it as CommonJS', async () => {
  const required = `const { startFlow } = require('mbc-flow/testing');`;
  for (const [index, block] of blocks.entries())
    write(
      `jest/docs-${index}.test.js`,
      inJest(block).replace(/^import .* from 'mbc-flow\/testing';/m, required),
    );
  write('jest.json', JSON.stringify({ transform: {}, roots: ['<rootDir>/jest'] }));
  expect(await node(jest, '--config', 'jest.json')).toMatch(
    new RegExp(`Test Suites: ${blocks.length} passed`),
  );
});

test('jest runs it as an ES module', async () => {
  write('jest-esm/docs.test.mjs', inJest(blocks[0]));
  write(
    'jest-esm.json',
    JSON.stringify({ transform: {}, roots: ['<rootDir>/jest-esm'], testMatch: ['**/*.test.mjs'] }),
  );
  const said = await node('--experimental-vm-modules', jest, '--config', 'jest-esm.json');
  expect(said).toMatch(/Tests: +2 passed/);
});

test('node:test runs it, as both', async () => {
  const body = (load: string): string => `${load}
    test('approved', async () => {
      const flow = await startFlow({ machines: ['approval.asl.json'], answers: { Book: { value: { Payload: 1 } } } });
      const execution = await flow.run('approval', { requestId: 'r-1' });
      await flow.approve('r-1');
      assert.deepStrictEqual(execution.output, 1);
    });`;
  write(
    'node/common.test.cjs',
    body(
      `const { test } = require('node:test'); const assert = require('node:assert'); const { startFlow } = require('mbc-flow/testing');`,
    ),
  );
  write(
    'node/esm.test.mjs',
    body(
      `import { test } from 'node:test'; import assert from 'node:assert'; import { startFlow } from 'mbc-flow/testing';`,
    ),
  );
  const said = await node('--test', '--test-reporter=tap', 'node/common.test.cjs', 'node/esm.test.mjs');
  expect(said).toMatch(/# pass 2/);
});

test('types: attw and publint find nothing, and TypeScript reads an example', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  expect(analysis).toMatchObject({ types: { kind: 'included' }, problems: [] });
  const pack = { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length) };
  expect((await publint({ pack: pack as { tarball: ArrayBuffer }, strict: true })).messages).toEqual([]);
  write(
    'types/use.ts',
    `import { startFlow, type Flow, type FlowExecution, type FlowOptions } from 'mbc-flow/testing';
     const options: FlowOptions = { machines: ['a.json'], functions: { a: async (event: { n: number }) => event.n } };
     export const loaded: FlowOptions = { functions: { '*': { load: () => import('mbc-flow/testing'), env: { A: undefined } } } };
     // @ts-expect-error a module is loaded by a function
     export const wrong: FlowOptions = { functions: { '*': { load: './main' } } };
     export async function use(): Promise<string[]> {
       await using flow: Flow = await startFlow(options);
       const execution: FlowExecution = await flow.run('a', { n: 1 });
       // @ts-expect-error there is no such duration
       await flow.advance(7);
       return execution.path;
     }\n`,
  );
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js');
  const settings = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,esnext.disposable'];
  expect(await node(tsc, ...settings, '--module', 'nodenext', 'types/use.ts')).toBe('');
});
