import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

/** Runs the import rule of `npm run lint` on a source tree. */
function violations(folder: string): Promise<Violation[]> {
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cli, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations);
      } catch {
        reject(error ?? new Error(stderr));
      }
    });
  });
}

/** A source tree in which each file holds the given lines. */
function tree(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-rooms-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }
  return folder;
}

test('an arrow that points the wrong way is found', async () => {
  const value = 'export const value = 1;\nexport type Shape = number;';
  const found = await violations(
    tree({
      'src/errors.ts': value,
      'src/asl/core.ts': value,
      'src/csv/reader.ts': value,
      'src/views/table.ts': value,
      'src/aws/client.ts': value,
      'src/ports/aws.ts': value,
      'src/asl/engine/run.ts': value,
      'src/local/index.ts': value,
      'src/local/server.ts': value,
      'src/local/store/store.ts': value,
      'src/cli/command.ts': value,
      // Allowed:
      'src/workflow/fold.ts': `import { value } from '../asl/core.js';\nexport const folded = value;`,
      'src/operations/follow.ts': [
        `import { folded } from '../workflow/fold.js';`,
        `import { value } from '../errors.js';`,
        `import type { Shape } from '../ports/aws.js';`,
        'export const followed = folded + value;',
        'export type Followed = Shape;',
      ].join('\n'),
      'src/world.ts': `import { value } from './local/index.js';\nimport { value as other } from './aws/client.js';\nexport const world = value + other;`,
      'src/cli/act.ts': `export interface Options {}\nexport const act = () => import('./act.run.js');`,
      'src/cli/act.run.ts': `import type { Options } from './act.js';\nexport const run = (options: Options) => options;`,
      // Each of these breaks one rule:
      'src/asl/upwards.ts': `import { folded } from '../workflow/fold.js';\nexport const wrong = folded;`,
      'src/asl/impure.ts': `import { readFileSync } from 'node:fs';\nexport const wrong = readFileSync;`,
      'src/csv/neighbour.ts': `import { value } from '../asl/core.js';\nexport const wrong = value;`,
      'src/workflow/shape.ts': `import type { Shape } from '../views/table.js';\nexport type Wrong = Shape;`,
      'src/operations/gateway.ts': `import { value } from '../aws/client.js';\nexport const wrong = value;`,
      'src/operations/lazy.ts': `export const wrong = import('../views/table.js');`,
      'src/views/operation.ts': `import { followed } from '../operations/follow.js';\nexport const wrong = followed;`,
      'src/cli/around.ts': `import { value } from '../local/index.js';\nexport const wrong = value;`,
      'src/cli/sdk.ts': `import { SFNClient } from '@aws-sdk/client-sfn';\nexport const wrong = SFNClient;`,
      'src/main.ts': `import { value } from './local/server.js';\nexport const wrong = value;`,
      'src/local/s3/around.ts': `import { value } from '../server.js';\nexport const wrong = value;`,
      'src/asl/data/path.ts': `import { value } from '../engine/run.js';\nexport const wrong = value;`,
      'src/asl/attic/box.ts': `import { value } from '../../errors.js';\nexport const wrong = value;`,
      'src/csv/hen.ts': `import { egg } from './egg.js';\nexport interface Hen {}\nexport const hen = egg;`,
      'src/csv/egg.ts': `import type { Hen } from './hen.js';\nexport const egg = (hen: Hen) => hen;`,
      'src/csv/day.ts': `import type { Night } from './night.js';\nexport interface Day { next: Night }`,
      'src/csv/night.ts': `import type { Day } from './day.js';\nexport interface Night { next: Day }`,
      'src/cellar/wine.ts': `import { value } from '../errors.js';\nexport const wrong = value;`,
    }),
  );
  expect(found.map(({ rule, from }) => `${from}: ${rule.name}`).sort()).toEqual([
    'src/asl/attic/box.ts: every room is in the tables',
    'src/asl/data/path.ts: src/asl/data uses',
    'src/asl/impure.ts: pure rooms do no input or output',
    'src/asl/upwards.ts: src/asl uses',
    'src/cellar/wine.ts: every room is in the tables',
    'src/cli/around.ts: src/cli uses',
    'src/cli/sdk.ts: AWS SDK behind the gateways',
    'src/csv/day.ts: no cycles',
    'src/csv/egg.ts: no cycles',
    'src/csv/neighbour.ts: src/csv uses',
    'src/local/s3/around.ts: src/local/s3 uses',
    'src/main.ts: only index.ts shows the local server',
    'src/operations/gateway.ts: src/operations uses',
    'src/operations/lazy.ts: src/operations uses',
    'src/views/operation.ts: src/views uses',
    'src/workflow/shape.ts: src/workflow names',
  ]);
});

test('the files and folders that the documentation of the architecture names are there', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const named = [
    ...text.matchAll(/`((?:src|scripts|test|bench|templates|acceptance|docs|bin)\/[^`<]*)`/g),
  ].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  // Those that stand beside one that is named.
  const names = new Set(
    readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((path) => basename(path)),
  );
  const beside = [...text.matchAll(/`([\w-]+\.(?:ts|tsx))`/g)].map(([, name = '']) => name);
  expect(beside.filter((name) => name !== 'x.ts' && !names.has(name))).toEqual([]);
});
