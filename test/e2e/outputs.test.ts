import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { binary, type DevServer, isolatedEnvironment, startDev, workDirectory } from './cli.js';

// Where the output can't be written, a command that reads ends; one that changes something does so to its end.

const rows = 'id,name\n1,a\n2,!fail no\n';
const waits = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } };

/** The exit code of a shell line; `mbc-flow` in it is the real binary. */
function shell(dev: DevServer, line: string): Promise<{ code: number | null; stderr: string }> {
  const command = line.replaceAll('mbc-flow', `"${process.execPath}" "${binary}"`);
  const child = spawn('bash', ['-c', `set -o pipefail; ${command}`], {
    cwd: dev.cwd,
    env: isolatedEnvironment(dev.cwd),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
}

async function running(dev: DevServer): Promise<string[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sfn = new SFNClient({ endpoint: dev.endpoint, region: 'ap-northeast-1', credentials });
  const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:waits';
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
  );
  return executions.map(({ name = '' }) => name);
}

test('a reader that goes away, a full disk and a closed stderr leave no work undone behind a 0', async () => {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'waits.asl.json'), JSON.stringify(waits));
  writeFileSync(join(cwd, 'a.csv'), rows);
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ local: { machines: { waits: 'waits.asl.json' } } }),
  );
  writeFileSync(join(cwd, 'inputs.ndjson'), Array.from({ length: 30 }, (_, n) => `{"n":${n}}`).join('\n'));
  const dev = await startDev({ cwd });

  expect(await shell(dev, 'mbc-flow start waits --each inputs.ndjson | true')).toMatchObject({ code: 0 });
  expect(await running(dev)).toHaveLength(30);

  // One that reads stops with its reader, quietly; on a full disk with an error.
  expect(await shell(dev, 'mbc-flow list waits -q | true')).toEqual({ code: 0, stderr: '' });
  expect(await shell(dev, 'mbc-flow list waits > /dev/full')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the output could not be written: no space left on the device\n'),
  });
  // What a command may change, it does not with each of its options.
  for (const reads of ['lint waits.asl.json', 'import --check a.csv', 'redrive waits@last --plan']) {
    const told = await shell(dev, `mbc-flow ${reads} > /dev/full`);
    expect(told.stderr, reads).toContain('could not be written');
    expect(told.stderr, reads).not.toContain('completed');
  }
  for (const shown of ['--version', '--help', 'help exit-codes', 'graph waits.asl.json --format svg'])
    expect((await shell(dev, `mbc-flow ${shown} > /dev/full`)).stderr, shown).toBe(
      'error: the output could not be written: no space left on the device\n  where: standard output\n',
    );
  const json = await shell(dev, 'mbc-flow list waits -o json > /dev/full');
  expect([json.code, JSON.parse(json.stderr).error.exitCode]).toEqual([1, 1]);

  // One that changes something finishes.
  expect(await shell(dev, 'mbc-flow stop --machine waits --limit 10 -y | head -1')).toMatchObject({
    code: 0,
  });
  expect(await running(dev)).toHaveLength(20);
  expect(await shell(dev, 'mbc-flow stop --machine waits --limit 10 -y > /dev/full')).toMatchObject({
    code: 1,
  });
  expect(await running(dev)).toHaveLength(10);
  expect(await shell(dev, 'mbc-flow stop --machine waits --limit 10 -y 2>&-')).toMatchObject({ code: 0 });
  expect(await running(dev)).toHaveLength(0);
  expect(await shell(dev, 'mbc-flow import a.csv > /dev/full')).toMatchObject({ code: 1 });
  expect(await shell(dev, 'mbc-flow import a.csv --again | true')).toMatchObject({ code: 1 });
  expect(await shell(dev, 'mbc-flow import a.csv --again 2>&-')).toMatchObject({ code: 1 });
  await dev.kill();
});
