import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isolatedEnvironment, runCli, workDirectory } from '../e2e/cli.js';

const examples = join(import.meta.dirname, '../../examples');
const names = readdirSync(examples);
/** What installs packages of its own is tested with those that are there (data-sync.test.ts). */
const plain = names.filter((name) => !existsSync(join(examples, name, 'package.json')));

/** The line that the README tells people to type. */
function lineOf(name: string): string {
  const readme = readFileSync(join(examples, name, 'README.md'), 'utf8');
  return /^ {4}(npm run example -- \S+)$/m.exec(readme)?.[1] ?? '';
}

test.each(plain)(
  '%s: the line of its README ends in SUCCEEDED',
  async (name) => {
    const home = workDirectory();
    const env = isolatedEnvironment(home, { MBC_FLOW_DATA_DIR: join(home, 'data') });
    const [command = '', ...args] = lineOf(name).split(' ');
    const { stdout } = await promisify(execFile)(command, args, { cwd: examples, env });
    expect(stdout).toMatch(/execution {2}SUCCEEDED(: .*)?\n/);
  },
  120_000,
);

test('each has such a line, and the README of the project names it', () => {
  const readme = readFileSync(join(examples, '../README.md'), 'utf8');
  for (const name of names) {
    expect(lineOf(name)).toBe(`npm run example -- ${name}`);
    expect(readme).toContain(lineOf(name));
    expect(readme).toContain(`](examples/${name})`);
  }
});

test('their state machines are clean', async () => {
  const machines = names.flatMap((name) =>
    readdirSync(join(examples, name)).flatMap((file) =>
      file.endsWith('.asl.json') ? [join(examples, name, file)] : [],
    ),
  );
  const { exitCode, stdout } = await runCli(['lint', ...machines, '-o', 'json']);
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, findings: [] });
});
