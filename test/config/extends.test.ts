import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { configFiles, readConfig } from '../../src/config/config.js';
import type { FlowError } from '../../src/errors.js';
import { directory } from '../cli/world.js';

/** Files of a new folder; an object is written as JSON. */
function files(texts: Record<string, string | object>): string {
  const root = directory();
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof text === 'string' ? text : JSON.stringify(text));
  }
  return root;
}

function failure(folder: string): FlowError {
  try {
    readConfig(folder);
  } catch (error) {
    return error as FlowError;
  }
  throw new Error('nothing was thrown');
}

const root = {
  defaultTarget: 'dev',
  targets: {
    dev: { region: 'us-east-1', prefix: 'dev-', audit: './audit/dev.jsonl' },
    prod: { region: 'us-east-1', prefix: 'prod-', protected: true, audit: 's3://trail/flow' },
  },
  local: {
    functions: {
      orders: './dist/orders.handler',
      far: 'http://127.0.0.1:9/f',
      own: { module: 'dist/own.handler', timeoutSeconds: 3 },
    },
    machines: { a: './infra/a.asl.json', b: './infra/b.asl.json' },
    endpoints: { dynamodb: 'http://127.0.0.1:8000' },
    mocks: './mocks.json',
  },
};

test('the nearest file wins whole; with extends, key by key, a target as a unit, paths from their own file', () => {
  const own = {
    targets: { dev: { region: 'eu-west-1' }, new: {} },
    local: { machines: { b: './b.asl.json' } },
  };
  const cwd = join(files({ 'mbc-flow.json': root, 'apps/web/mbc-flow.json': own }), 'apps/web');
  expect(readConfig(cwd)).toMatchObject({ targets: own.targets, local: own.local, defaultTarget: undefined });
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ extends: '../../mbc-flow.json', ...own }));
  const read = readConfig(cwd);
  expect(read).toEqual({
    file: join(cwd, 'mbc-flow.json'),
    folder: cwd,
    files: [join(cwd, 'mbc-flow.json'), join(cwd, '../../mbc-flow.json')],
    defaultTarget: 'dev',
    targets: { dev: { region: 'eu-west-1' }, prod: root.targets.prod, new: {} },
    local: {
      functions: {
        orders: '../../dist/orders.handler',
        far: 'http://127.0.0.1:9/f',
        own: { module: '../../dist/own.handler', timeoutSeconds: 3 },
      },
      machines: { a: '../../infra/a.asl.json', b: './b.asl.json' },
      endpoints: root.local.endpoints,
      mocks: '../../mocks.json',
    },
  });
  // `dev` follows the file above as well.
  expect(configFiles(cwd, read)).toContain(join(cwd, '../../mbc-flow.json'));
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"extends":"../../mbc-flow.json"}');
  expect(readConfig(cwd).targets.dev?.audit).toBe('../../audit/dev.jsonl');
});

test('of several the later one wins; one that all of them extend is read once; a package.json may hold one', () => {
  const cwd = files({
    'a.json': { extends: 'base.json', targets: { one: { region: 'a' }, two: { region: 'a' } } },
    'b.json': { extends: './base.json', targets: { two: { region: 'b' } } },
    'base.json': { defaultTarget: 'two', targets: { base: {} } },
    'package.json': { name: 'x', 'mbc-flow': { targets: { three: { region: 'p' } } } },
    'mbc-flow.json': { extends: ['a.json', 'b.json', 'package.json'] },
  });
  const { targets, files: read, defaultTarget } = readConfig(cwd);
  expect(targets).toEqual({ base: {}, one: { region: 'a' }, two: { region: 'b' }, three: { region: 'p' } });
  expect(read).toHaveLength(5);
  expect(defaultTarget).toBe('two');
});

test.each<[string, Record<string, string | object>, string, RegExp]>([
  [
    'a missing file',
    { 'mbc-flow.json': '{\n  "extends": "../no.json"\n}' },
    'mbc-flow.json:2:14',
    /\.\.\/no\.json, which does not exist/,
  ],
  [
    'a missing file of a list',
    { 'mbc-flow.json': '{ "extends": ["a.json",\n "no.json"] }', 'a.json': {} },
    'mbc-flow.json:2:2',
    /no\.json, which does not exist/,
  ],
  ['a folder', { 'mbc-flow.json': '{"extends":"."}' }, 'mbc-flow.json:1:12', /is a directory/],
  ['itself', { 'mbc-flow.json': '{"extends":"mbc-flow.json"}' }, 'mbc-flow.json:1:12', /in a circle/],
  [
    'a circle',
    {
      'mbc-flow.json': { extends: 'a.json' },
      'a.json': { extends: 'b.json' },
      'b.json': '{"extends":["a.json"]}',
    },
    'b.json:1:13',
    /circle: \S*a\.json > \S*b\.json > \S*a\.json/,
  ],
  [
    'a package.json without a config',
    { 'mbc-flow.json': '{"extends":"package.json"}', 'package.json': {} },
    'mbc-flow.json:1:12',
    /has no member "mbc-flow"/,
  ],
  [
    'a place in a package.json',
    { 'package.json': '{\n"mbc-flow": {"extends": "no.json"}}' },
    'package.json:2:25',
    /does not exist/,
  ],
  [
    'too deep',
    Object.fromEntries(
      [...Array(12).keys()].map((n) => [n ? `${n}.json` : 'mbc-flow.json', { extends: `${n + 1}.json` }]),
    ),
    '9.json:1:12',
    /more than 10 deep/,
  ],
  ['what is no path', { 'mbc-flow.json': '{"extends":1}' }, 'mbc-flow.json at $.extends', /a path or a list/],
  [
    'a fault in a file that is extended',
    { 'mbc-flow.json': { extends: 'a.json' }, 'a.json': '{"targets":{"x":{"y":1}}}' },
    'a.json at $.targets.x.y',
    /not a known property/,
  ],
  [
    'text that is no JSON',
    { 'mbc-flow.json': { extends: 'a.json' }, 'a.json': '{\n,' },
    'a.json:2:1',
    /not valid JSON|JSON/,
  ],
  [
    'a default that no file defines',
    { 'mbc-flow.json': { extends: 'a.json' }, 'a.json': { defaultTarget: 'x' } },
    'mbc-flow.json at $.defaultTarget',
    /target x is not defined/,
  ],
])('%s: exit 2, with the place', (_, texts, place, message) => {
  const error = failure(files(texts));
  expect(error).toMatchObject({ exitCode: 2, code: 'BadConfig' });
  expect(error.where?.endsWith(place), error.where).toBe(true);
  expect(error.message).toMatch(message);
});
