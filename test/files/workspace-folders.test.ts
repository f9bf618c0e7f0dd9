import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { workspaceFolders } from '../../src/files/project/workspace-folders.js';
import { startDirectory } from '../cli/world.js';

const packages = [
  'apps/api',
  'apps/web',
  'svc/x/a',
  'svc/x/b/deep',
  'tools',
  'x/node_modules/y',
  'x/.hidden',
];

async function members(manifest: string, files: Record<string, string> = {}): Promise<string[]> {
  const root = startDirectory();
  const all = { ...files, ...Object.fromEntries(packages.map((path) => [`${path}/package.json`, '{}'])) };
  for (const [path, text] of Object.entries({ 'package.json': manifest, 'apps/notes/a.md': '', ...all })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return (await workspaceFolders(root, manifest)).map((folder) => relative(root, folder)).sort();
}

test('the packages that the patterns of each tool mean, and no folder that is none', async () => {
  expect(await members('{"workspaces":["apps/*"]}')).toEqual(['apps/api', 'apps/web']);
  expect(await members('{"workspaces":{"packages":["./svc/**","apps/w*"]}}')).toEqual([
    'apps/web',
    'svc/x/a',
    'svc/x/b/deep',
  ]);
  expect(await members('{"workspaces":["svc/*/a","*","!x"]}')).toEqual(['svc/x/a', 'tools']);
  expect(await members('{}', { 'lerna.json': '{"packages":["apps/*"]}' })).toEqual(['apps/api', 'apps/web']);
  expect(await members('{}', { 'pnpm-workspace.yaml': "packages:\n  - '**'\n  - '!**/test/**'\n" })).toEqual([
    'apps/api',
    'apps/web',
    'svc/x/a',
    'svc/x/b/deep',
    'tools',
  ]);
});

test('a manifest that is no workspace, or broken, has none', async () => {
  for (const manifest of [
    '{',
    '[]',
    '{"workspaces":"apps/*"}',
    '{"workspaces":[1,null]}',
    '{"workspaces":{}}',
  ])
    expect(await members(manifest)).toEqual([]);
});
