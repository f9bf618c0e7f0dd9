import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { metafile } from '../../scripts/build.mjs';
import { runCli, startCli, workDirectory } from './cli.js';

const root = join(import.meta.dirname, '../..');
const { outputs } = JSON.parse(readFileSync(metafile, 'utf8')) as Metafile;

/** Packages of which a run loaded any code, by V8's list of scripts and esbuild's list of what they hold. */
async function loadedPackages(
  args: string[],
  exitCode: number,
  project: Record<string, string> = {},
): Promise<string[]> {
  const files = await loadedFiles(args, exitCode, project);
  expect(files).toContain('dist/main.cjs');
  const packages = new Set<string>();
  for (const file of files) {
    const inputs = outputs[file] ? Object.keys(outputs[file].inputs) : [file];
    for (const input of inputs) {
      const [, name] = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
      if (name !== undefined) packages.add(name);
    }
  }
  return [...packages].sort();
}

async function loadedFiles(
  args: string[],
  exitCode: number,
  project: Record<string, string> = {},
): Promise<string[]> {
  const cwd = workDirectory();
  for (const [name, text] of Object.entries(project)) writeFileSync(join(cwd, name), text);
  const coverage = mkdtempSync(join(cwd, 'coverage-'));
  const run = await runCli(args, {
    cwd,
    env: { NODE_V8_COVERAGE: coverage, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  expect(run, run.stderr).toMatchObject({ exitCode });
  const urls = readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  });
  return urls.filter((url) => url.startsWith('file:')).map((url) => relative(root, fileURLToPath(url)));
}

test.each([
  ['--help', ['--help']],
  ['a command’s help', ['task', 'start', '-h']],
  ['--version', ['--version']],
])('%s loads nothing but the launcher', async (_name, args) => {
  expect(await loadedFiles(args, 0)).toEqual(['bin/mbc-flow.js']);
});

test('a usage error loads nothing but argument parsing, and what strikes tokens out of it', async () => {
  expect(await loadedPackages(['import', '--no-such-flag'], 2)).toEqual(['commander']);
  const ours = (await loadedFiles(['import', '--no-such-flag'], 2)).flatMap((file) =>
    Object.keys(outputs[file]?.inputs ?? {}).filter((input) => input.startsWith('src/')),
  );
  const redaction = 'src/workflow/history/redact.ts';
  expect(ours).toContain(redaction);
  const rooms = new Set(
    ours.filter((file) => file !== redaction).map((file) => file.split('/').slice(0, 2).join('/')),
  );
  expect([...rooms].filter((room) => !/\.ts$/.test(room)).sort()).toEqual(['src/cli', 'src/views']);
});

test('a usage error and a list on a running server load little, and nothing for TLS, processes or streams of the web', async () => {
  const cwd = workDirectory();
  const server = startCli(['dev', '--port', '0', '-o', 'json'], { cwd });
  await server.waitFor(/"ready":true/);
  const list = join(cwd, 'modules.cjs');
  writeFileSync(
    list,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(join(cwd, 'modules'))}, JSON.stringify(process.moduleLoadList)));`,
  );
  for (const [args, exitCode, bytes] of [
    [['list', '--no-such-flag'], 2, 170_000],
    [['list'], 0, 780_000],
  ] as const) {
    const run = await runCli([...args], { cwd, env: { NODE_OPTIONS: `--require ${list}` } });
    expect(run, run.stderr).toMatchObject({ exitCode });
    const modules: string[] = JSON.parse(readFileSync(join(cwd, 'modules'), 'utf8'));
    for (const name of [
      'tls',
      'https',
      'child_process',
      'internal/webstreams/readablestream',
      'internal/deps/undici/undici',
    ])
      expect(modules, args.join(' ')).not.toContain(`NativeModule ${name}`);
    const files = await loadedFiles([...args, '--data-dir', join(cwd, '.mbc-flow')], exitCode);
    const loaded = files.reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
    expect(loaded).toBeGreaterThan(50_000);
    expect(loaded, args.join(' ')).toBeLessThan(bytes);
  }
  server.child.kill('SIGTERM');
  await server.done;
});

test('a bundled file tells when it is read: the list of packages is no empty promise', async () => {
  const cwd = workDirectory();
  const { exitCode, stderr } = await runCli(['show', 'nothing-of-this-name'], { cwd });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 3 });
  const packages = await loadedPackages(['show', 'nothing-of-this-name'], 3);
  expect(packages).toContain('@aws-sdk/client-sfn');
  expect(packages).not.toContain('ink');
});

test.each([
  ['init', ['init', '--dry-run'], false],
  ['a part without patches of sources', ['scaffold', 'service', 'order', '--dry-run'], false],
  ['a workflow', ['scaffold', 'workflow', 'order', '--dry-run'], true],
])('%s loads TypeScript’s compiler only where it patches sources', async (_name, args, compiler) => {
  const packages = await loadedPackages(args, 0, { 'package.json': '{}' });
  expect(packages.includes('typescript')).toBe(compiler);
});
