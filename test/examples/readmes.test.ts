import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isolatedEnvironment, runCli, workDirectory } from '../e2e/cli.js';

const root = join(import.meta.dirname, '../..');
const folders = readdirSync(join(root, 'examples'));
/** Those that bring packages of their own have tests of their own. */
const plain = folders.filter((name) => !existsSync(join(root, 'examples', name, 'package.json')));

describe.each(folders)('examples/%s', (name) => {
  test.runIf(plain.includes(name))(
    'the one line of its README ends in SUCCEEDED',
    async () => {
      const readme = readFileSync(join(root, 'examples', name, 'README.md'), 'utf8');
      const [, line = ''] = /^ {4}(npm run example -- \S+)$/m.exec(readme) ?? [];
      expect(line).toBe(`npm run example -- ${name}`);
      const data = workDirectory();
      const env = isolatedEnvironment(data, { MBC_FLOW_DATA_DIR: join(data, 'data') });
      const [command = '', ...args] = line.split(' ');
      const { stdout } = await promisify(execFile)(command, args, { cwd: root, env });
      expect(stdout).toMatch(/execution {2}SUCCEEDED\n/);
    },
    120_000,
  );

  test('its state machines are clean', async () => {
    const machines = readdirSync(join(root, 'examples', name)).filter((file) => file.endsWith('.asl.json'));
    for (const machine of machines) {
      const { exitCode, stdout } = await runCli([
        'lint',
        join(root, 'examples', name, machine),
        '-o',
        'json',
      ]);
      expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, findings: [] });
    }
  });
});
