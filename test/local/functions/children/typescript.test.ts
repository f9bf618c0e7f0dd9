import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../harness.js';
import { failure, folderOf, startFunctions } from '../start.js';

const compiler = join(import.meta.dirname, '../../../../node_modules/typescript');

/** An app with a compiler of its own, as npm installs it. */
function app(files: Record<string, string>, specs: Record<string, string> = { fn: './src/main.ts' }) {
  const base = folderOf(files);
  mkdirSync(join(base, 'node_modules'), { recursive: true });
  symlinkSync(compiler, join(base, 'node_modules/typescript'));
  const functions = startFunctions({ base, functions: specs });
  return { ...functions, base, call: (event: unknown = {}) => functions.invoke('fn', JSON.stringify(event)) };
}

const orders = `import type { Order } from './order';
import { Store } from '@lib/store';
const told: unknown[] = [];
Object.assign(Reflect, { metadata: (key: string, value: { name: string }[]) => () => void told.push(key, value.map(({ name }) => name)) });
const Injectable = (): ClassDecorator => () => {};

@Injectable()
export class Orders {
  constructor(readonly store: Store) {}
  take({ id }: Order): unknown {
    if (id < 0) throw new RangeError('no such order');
    return { told, kept: this.store.keep(id) };
  }
}
`;
const main = `import { Orders } from './orders';
import { Store } from '@lib/store';
const unchecked: number = 'a text';
export const handler = async (event: { id: number }) => new Orders(new Store()).take(event);
`;
const paths = { '@lib/*': ['lib/*'] };
const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true };
const sources = {
  'src/main.ts': main,
  'src/orders.ts': orders,
  'src/order.ts': 'export interface Order { id: number }',
  'lib/store.ts': 'export class Store { keep(id: number): string { return "kept " + id; } }',
};
const withExtensions = (text: string): string => text.replace(/from '(\.[^']*|@lib[^']*)'/g, "from '$1.js'");

test.each([
  [
    'CommonJS',
    {
      ...sources,
      'package.json': '{}',
      'tsconfig.base.json': JSON.stringify({ compilerOptions: { ...decorators, target: 'ES2021' } }),
      'tsconfig.json': JSON.stringify({
        extends: './tsconfig.base.json',
        compilerOptions: { module: 'commonjs', baseUrl: '.', paths, outDir: 'dist', noEmit: true },
      }),
    },
  ],
  [
    'ES modules',
    {
      ...Object.fromEntries(Object.entries(sources).map(([name, text]) => [name, withExtensions(text)])),
      'package.json': '{"type":"module"}',
      'tsconfig.json': JSON.stringify({
        compilerOptions: { ...decorators, module: 'NodeNext', paths: { '@lib/*': ['./lib/*'] } },
      }),
    },
  ],
])('TypeScript runs by the app’s own compiler and tsconfig: %s', async (_, files) => {
  const { call, base, lines } = app(files);
  expect(JSON.parse((await call({ id: 7 })).payload)).toEqual({
    told: ['design:paramtypes', ['Store']],
    kept: 'kept 7',
  });
  const { errorType, trace = [] } = failure(await call({ id: -1 }));
  expect(errorType).toBe('RangeError');
  expect(trace[1]).toContain(`${join(base, 'src/orders.ts')}:11:`);
  // A file that the handler's own imports, not the handler's.
  writeFileSync(
    join(base, 'lib/store.ts'),
    'export class Store { keep = (id: number): string => "put " + id; }',
  );
  expect(JSON.parse((await call({ id: 7 })).payload).kept).toBe('put 7');
  expect(lines).toContainEqual(expect.stringMatching(/store\.ts changed: loading it again/));
});

test('an ES module imports interfaces for its decorated members, from files, packages and by default, next to classes', async () => {
  const { call } = app({
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...decorators, module: 'NodeNext' } }),
    'node_modules/shapes/package.json': '{"main":"main.js"}',
    'node_modules/shapes/main.js': 'exports.Solid = class Solid {};',
    'src/types.ts':
      'export interface Order { id: number }\nexport class Store {}\nexport class Used {}\nexport type Id = string',
    'src/whole.ts': 'export default interface Whole { all: true }\n',
    'src/main.ts': `import { Order as Asked, Store, Used, type Id } from './types.js';
import Whole from './whole.js';
import { Solid, Plane } from 'shapes';
const told: unknown[] = [];
Object.assign(Reflect, { metadata: (key: string, value: any) => () => void told.push(Array.isArray(value) ? value.map(({ name }) => name) : value?.name) });
const marked = (...of: unknown[]): any => () => {};
@marked()
export class Orders {
  constructor(a: Asked, b: Store, c: Used, d: Id, e: Whole, f: Solid, g: Plane | null, readonly h?: Asked[]) {}
  @marked() take(order: Asked): Store { return new Used(); }
  @marked() kept!: Asked;
}
export const handler = async () => told;
`,
  });
  const { payload } = await call();
  expect(JSON.parse(payload)).toEqual([
    // What a method returns, its parameters and itself; a member; the constructor. Of an alias nothing is known.
    ...['Store', ['Object'], 'Function'],
    'Object',
    ['Object', 'Store', 'Used', 'Object', 'Object', 'Solid', 'Object', 'Array'],
  ]);
});

test('what can’t be loaded is told with its place, before anything calls it', async () => {
  const { check, lines } = app(
    {
      'package.json': '{}',
      'src/main.ts': 'export const handler = async () => {\n  const = 1;\n};',
      'ok.mjs': '',
    },
    { fn: './src/main.ts', gone: './dist/main.handler', empty: './ok.handler' },
  );
  await check();
  expect(lines.sort()).toEqual([
    expect.stringMatching(
      /^\[empty\] \.\/ok\.handler cannot be loaded: Runtime\.HandlerNotFound: .*handler is undefined/,
    ),
    expect.stringMatching(/^\[fn\] \.\/src\/main\.ts cannot be loaded: .*src\/main\.ts:2:\d+: .*\(TS\d+\)/),
    expect.stringMatching(/^\[gone\] Error: Cannot find module '\.\/dist\/main\.handler'/),
  ]);
});

test('without a compiler the app is told to install one', async () => {
  const functions = startFunctions({
    base: folderOf({ 'main.ts': 'export const handler = async () => 1' }),
    functions: { fn: './main.ts' },
  });
  expect(failure(await functions.invoke('fn', '{}'))).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: expect.stringContaining('npm install --save-dev typescript'),
  });
});

test('a module that is being built anew loses no invocation', async () => {
  const { call, base } = app(
    {
      'package.json': '{}',
      'dist/main.js': 'const part = require("./part"); exports.handler = async () => part.who',
      'dist/part.js': 'exports.who = 1',
    },
    { fn: './dist/main.handler' },
  );
  expect((await call()).payload).toBe('1');
  writeFileSync(join(base, 'dist/part.js'), 'exports.who = 2');
  expect((await call()).payload).toBe('2');
  rmSync(join(base, 'dist/part.js'));
  renameSync(join(base, 'dist/main.js'), join(base, 'main.js'));
  const waiting = call();
  // Half of it is there at first.
  renameSync(join(base, 'main.js'), join(base, 'dist/main.js'));
  setTimeout(() => writeFileSync(join(base, 'dist/part.js'), 'exports.who = 3'), 300);
  expect((await waiting).payload).toBe('3');
});

test('a debugger stops in a handler, for as long as it likes', async () => {
  const port = await freePort();
  const base = folderOf({ 'main.js': 'exports.handler = async () => {\n  debugger;\n  return 1;\n};' });
  const { check, invoke } = startFunctions({
    base,
    functions: { fn: { module: './main.handler', timeoutSeconds: 0.01 } },
    inspect: port,
  });
  await check();
  const inspector = spawn(process.execPath, ['inspect', `127.0.0.1:${port}`]);
  onTestFinished(() => void inspector.kill());
  const told = (text: string): Promise<void> =>
    new Promise((resolve) => {
      let all = '';
      inspector.stdout.on('data', function look(chunk) {
        all += String(chunk);
        if (!all.includes(text)) return;
        inspector.stdout.off('data', look);
        resolve();
      });
    });
  await told('debug>');
  const stopped = told('break in');
  const answer = invoke('fn', '{}');
  await stopped;
  inspector.stdin.write('cont\n');
  expect((await answer).payload).toBe('1');
});
