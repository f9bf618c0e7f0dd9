import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CliResult, runCli, workDirectory } from './cli.js';

// What a command loaded and compiled is kept for the next one: bin/load.js, bin/pack.js.

/** Commands with a cache of their own; what it holds. */
function cache() {
  const cwd = workDirectory();
  const given = join(cwd, 'cache/compiled');
  const folder = join(given, 'mbc-flow');
  const run = (args: string[], env: Record<string, string | undefined> = {}): Promise<CliResult> =>
    runCli(args, { cwd, env: { NODE_COMPILE_CACHE: given, ...env } });
  const builds = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
  const files = (): string[] =>
    builds().flatMap((build) => readdirSync(join(folder, build)).map((name) => join(folder, build, name)));
  const named = (name: string): string => files().find((file) => file.endsWith(`/${name}`)) ?? '';
  return { cwd, given, folder, run, builds, files, named };
}

const graph = ['graph', 'machine.json', '--format', 'mermaid'];
const machine = '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}';

/** A command that calls nobody, until all of it is kept. */
async function warm() {
  const kept = cache();
  writeFileSync(join(kept.cwd, 'machine.json'), machine);
  const first = await kept.run(graph);
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  await kept.run(graph);
  return { ...kept, first };
}

test('the third run of a command reads what the second has compiled', async () => {
  const { run, named, files, first } = await warm();
  const written = files().map((file) => statSync(file).mtimeMs);
  expect(await run(graph)).toEqual(first);
  expect(files().map((file) => statSync(file).mtimeMs)).toEqual(written);
  // One for what all commands need, one for this one; for the user alone.
  expect(files().map((file) => file.split('/').at(-1))).toEqual(['command-graph', 'main']);
  expect(statSync(named('main')).mode & 0o777).toBe(0o600);
  // Another command takes the first, and adds its own.
  await run(['graph', 'machine.json']);
  await run(['lint', 'machine.json']);
  expect(files().map((file) => file.split('/').at(-1))).toEqual(['command-graph', 'command-lint', 'main']);
});

test('a command that ran an import on its own server keeps what the next one takes, too', async () => {
  const { cwd, run, files } = cache();
  writeFileSync(join(cwd, 'rows.csv'), 'id\n1\n');
  const imported = () => run(['import', 'rows.csv', '--local', '--again', '-o', 'json']);
  const written = () => files().map((file) => [file, statSync(file).mtimeMs]);
  for (let time = 0; time < 2; time++) expect(await imported()).toMatchObject({ exitCode: 0, stderr: '' });
  const kept = written();
  expect(kept.length).toBeGreaterThan(1);
  expect(await imported()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(written()).toEqual(kept);
});

test.each<[string, (file: string) => void]>([
  ['a changed byte', (file) => overwrite(file, (bytes) => bytes.fill(bytes.readUInt8(5000) ^ 1, 5000, 5001))],
  ['a changed last byte', (file) => overwrite(file, (bytes) => bytes.fill(0x55, bytes.length - 1))],
  ['zeros', (file) => overwrite(file, (bytes) => bytes.fill(0, 64))],
  ['its first half', (file) => truncateSync(file, statSync(file).size >> 1)],
  ['nothing', (file) => writeFileSync(file, '')],
  ['something else', (file) => writeFileSync(file, 'process.exit(9)')],
])('%s instead is compiled anew, and replaced', async (_name, damage) => {
  const { run, files, first } = await warm();
  const sizes = files().map((file) => statSync(file).size);
  for (const file of files()) damage(file);
  for (let time = 0; time < 3; time++) expect(await run(graph)).toEqual(first);
  // What V8 compiles of the same code differs a little in its length.
  for (const [index, file] of files().entries())
    expect(statSync(file).size / Number(sizes[index])).toBeCloseTo(1, 1);
});

function overwrite(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

test.runIf(process.getuid?.() === 0)('what another user wrote is not run', async () => {
  const { run, files, first } = await warm();
  for (const file of files()) chownSync(file, 12_345, 12_345);
  expect(await run(graph)).toEqual(first);
  for (const file of files()) expect(statSync(file).uid).toBe(0);
});

test('where nothing can be kept, nothing is, and nothing is said of it', async () => {
  const { cwd, run, given, folder } = cache();
  writeFileSync(join(cwd, 'machine.json'), machine);
  expect(await run(graph, { NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(existsSync(folder)).toBe(false);
  mkdirSync(join(cwd, 'cache'));
  writeFileSync(given, 'a file');
  expect(await run(graph)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readFileSync(given, 'utf8')).toBe('a file');
  expect(await run(graph, { NODE_COMPILE_CACHE: undefined, HOME: '/proc' })).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

test('it lies in the user’s cache directory; XDG_CACHE_HOME names it, if it is absolute', async () => {
  const { cwd, run } = cache();
  writeFileSync(join(cwd, 'machine.json'), machine);
  const env = { NODE_COMPILE_CACHE: undefined, HOME: join(cwd, 'home'), XDG_CACHE_HOME: join(cwd, 'xdg') };
  await run(graph, env);
  expect(readdirSync(join(cwd, 'xdg/mbc-flow'))).toContain('compiled');
  await run(graph, { ...env, XDG_CACHE_HOME: 'relative' });
  expect(readdirSync(join(cwd, 'home/.cache/mbc-flow'))).toContain('compiled');
  expect(existsSync(join(cwd, 'relative'))).toBe(false);
});

test('what other tools keep where NODE_COMPILE_CACHE says is not ours to remove', async () => {
  const { cwd, given, folder, run, builds } = cache();
  writeFileSync(join(cwd, 'machine.json'), machine);
  const others = ['v24.1.0-x64-abc', 'notes.txt', 'a', 'b'];
  mkdirSync(folder, { recursive: true });
  for (const place of [given, folder]) for (const name of others) writeFileSync(join(place, name), 'theirs');
  for (const size of [300, 301, 302, 303]) await run(graph, { NODE_OPTIONS: `--max-old-space-size=${size}` });
  expect(readdirSync(given).sort()).toEqual([...others, 'mbc-flow'].sort());
  expect(builds().filter((name) => others.includes(name))).toHaveLength(others.length);
  expect(builds().filter((name) => !others.includes(name))).toHaveLength(3);
});

test('what V8 compiled with other options is another one’s; of builds, the last three are kept', async () => {
  const { cwd, folder, run, builds } = await warm();
  const [own = ''] = builds();
  await run(graph, { NODE_OPTIONS: '--max-old-space-size=300' });
  expect(builds()).toHaveLength(2);
  for (const [index, build] of builds().entries())
    utimesSync(join(folder, build), 1_000_000, build === own ? 1_000_001 : 1_000_000 - index);
  await run(graph, { NODE_OPTIONS: '--max-old-space-size=301' });
  expect(builds()).toHaveLength(3);
  await run(graph, { NODE_OPTIONS: '--max-old-space-size=302' });
  expect(builds()).toHaveLength(3);
  expect(builds()).toContain(own);
  chmodSync(cwd, 0o700);
});

test('runs side by side keep a whole file', async () => {
  const { run, files, first } = await warm();
  for (const file of files()) truncateSync(file, 100);
  const all = await Promise.all(Array.from({ length: 4 }, () => run(graph)));
  for (const result of all) expect(result).toEqual(first);
  expect(await run(graph)).toEqual(first);
  expect(files().map((file) => file.split('/').at(-1))).toEqual(['command-graph', 'main']);
});

test('a usage error, and a line that is no command, keep what they loaded with what all need', async () => {
  const { run, files } = cache();
  for (const args of [['graph', '--nonsense'], ['nonsense'], ['graph', '--nonsense'], ['nonsense']])
    expect(await run(args)).toMatchObject({ exitCode: 2, stdout: '' });
  expect(files().map((file) => file.split('/').at(-1))).toEqual(['main']);
});
