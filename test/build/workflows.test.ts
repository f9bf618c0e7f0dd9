import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

// What .github/workflows call is there. test/soak/workflows.soak.ts has them read by actionlint, and runs their lines.
interface Workflow {
  permissions?: object;
  jobs: Record<
    string,
    {
      'timeout-minutes'?: number;
      strategy?: { matrix?: { node?: number[] } };
      steps: { run?: string; uses?: string }[];
    }
  >;
}

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  engines: { node: string };
  scripts: Record<string, string>;
};

test.each(readdirSync(folder))('%s: what it calls is there, and what it may do is said', (file) => {
  const { permissions, jobs } = parse(readFileSync(join(folder, file), 'utf8')) as Workflow;
  expect(permissions).toEqual({ contents: 'read' });
  for (const { steps, strategy, 'timeout-minutes': minutes } of Object.values(jobs)) {
    expect(minutes).toBeGreaterThan(0);
    // The oldest that package.json admits is tried.
    const oldest = Number(/\d+/.exec(manifest.engines.node)?.[0]);
    if (strategy?.matrix?.node) expect(strategy.matrix.node[0]).toBe(oldest);
    for (const { run = '', uses } of steps) {
      if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
      const scripts = [...run.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name);
      expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
      for (const [, path = ''] of run.matchAll(/^(?:node )?((?:scripts|\.ci)\/[\w./-]+)/gm))
        expect(existsSync(join(root, path)), path).toBe(true);
    }
  }
});
