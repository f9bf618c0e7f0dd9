import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../local/harness.js';
import { nodes, run } from './nodes.js';
import { count } from './seed.js';

// The README's lines as they stand, in folders that have nothing but Node.js. Its binaries come from npm.
const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = /^## Install\n([\s\S]*?)\n## /m.exec(readme)?.[1] ?? '';
const [pack = '', globally = '', inProject = '', published = ''] = [
  ...section.matchAll(/```sh\n([\s\S]*?)```/g),
].map(([, lines = '']) => lines);

const { folder, empty, nodeOf } = nodes('mbc-flow-install-');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const tarball = `mbc-flow-${version}.tgz`;
const clone = join(folder, 'clone');
const closing: (() => void)[] = [];

afterAll(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true, force: true });
}, 300_000);

beforeAll(async () => {
  execFileSync('git', ['clone', '--quiet', root, clone]);
  const { env } = empty('packing', process.execPath);
  await run(pack, { cwd: clone, env });
}, 300_000);

test('the README has the lines, and the first of them make the tarball that it names', () => {
  expect(published).toContain('npm install --global mbc-flow\n');
  expect(globally).toContain(`./${tarball}`);
  expect(existsSync(join(clone, tarball))).toBe(true);
});

describe.each([20, 22, 24].slice(-count(3, 1)))('an empty folder with Node.js %i', (major) => {
  test('the lines of the tarball: they install without a warning, and work', async () => {
    const node = await nodeOf(major);
    const first = empty(`global-${major}`, node);
    copyFileSync(join(clone, tarball), join(first.cwd, tarball));
    expect(await run('node --version', first)).toMatch(new RegExp(`^v${major}\\.`));
    const demo = await run(globally, first);
    expect(demo).toMatch(/status +SUCCEEDED/);
    expect(demo).not.toMatch(/warn|deprecated|ExperimentalWarning/i);
    expect(existsSync(join(dirname(first.cwd), 'prefix/share/man/man1/mbc-flow.1'))).toBe(true);

    const second = empty(`project-${major}`, node);
    copyFileSync(join(clone, tarball), join(second.cwd, tarball));
    const project = await run(inProject, second);
    expect(project.split('\n').filter((line) => line === version)).toHaveLength(2);
    expect(project).not.toMatch(/warn|deprecated/i);
  }, 180_000);
});

// Not in a sample: verdaccio is 100 MB.
if (count(1, 0) === 1)
  test('the lines for when it is published, against a registry on this machine that has the tarball', async () => {
    // The last that runs on Node.js 20. Of node-fetch it asks for a tag that not every registry has.
    const registry = empty('verdaccio', process.execPath);
    writeFileSync(join(registry.cwd, 'package.json'), '{"overrides":{"node-fetch":"2.7.0"}}');
    await run('npm install --ignore-scripts verdaccio@6.0.5', registry);
    const port = await freePort();
    const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
    writeFileSync(
      join(registry.cwd, 'config.yaml'),
      `storage: ./storage
uplinks: { npm: { url: ${upstream} } }
packages:
  mbc-flow: { access: $all, publish: $all }
  '**': { access: $all, proxy: npm }
log: { type: stdout, level: warn }
`,
    );
    const server = spawn(
      process.execPath,
      ['node_modules/verdaccio/bin/verdaccio', '--config', 'config.yaml', '--listen', `127.0.0.1:${port}`],
      { ...registry, stdio: 'ignore' },
    );
    closing.push(() => server.kill());
    const url = `http://127.0.0.1:${port}/`;
    await expect
      .poll(
        () =>
          fetch(`${url}-/ping`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);

    const user = empty('registry-user', process.execPath);
    user.env.npm_config_registry = url;
    writeFileSync(join(user.env.HOME ?? '', '.npmrc'), `//127.0.0.1:${port}/:_authToken=none\n`);
    await run(`npm publish '${join(clone, tarball)}'`, user);
    const installed = await run(published, user);
    expect(installed).toMatch(/status +SUCCEEDED/);
    expect(installed).not.toMatch(/warn|deprecated/i);
    expect(await run('mbc-flow --version', user)).toBe(`${version}\n`);
  }, 300_000);
