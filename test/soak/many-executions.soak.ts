import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { startDev } from '../e2e/cli.js';
import { count } from './seed.js';

const total = count(1_000_000, 4_000);
const quarter = total / 4;
const concurrency = 50;

const residentBytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;

test('memory stays flat over very many executions that are kept for a while only', async () => {
  // A few seconds, as a fraction of a day.
  const dev = await startDev({ args: ['--retention', String(20 / 86_400)] });
  const sfn = new SFNClient({
    endpoint: dev.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const definition = JSON.stringify({
    StartAt: 'a',
    States: { a: { Type: 'Pass', Next: 'b' }, b: { Type: 'Pass', End: true } },
  });
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'many', roleArn, definition }),
  );
  const input = JSON.stringify({ text: 'x'.repeat(500) });
  let next = 0;
  const peaks = [0, 0, 0, 0];
  const work = async (): Promise<void> => {
    while (next < total) {
      const n = next++;
      await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
      const at = Math.floor(n / quarter);
      if (n % 200 === 0) peaks[at] = Math.max(peaks[at] ?? 0, residentBytes(dev.pid));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const [, second = 0, , last = 0] = peaks;
  expect(last / second, `resident bytes by quarter: ${peaks}`).toBeLessThan(1.2);
  // A kept execution takes some kilobytes; a million of them would take gigabytes.
  expect(statSync(join(dev.dataDir, 'state.db')).size).toBeLessThan(2e9);
  await dev.kill();
}, 3_600_000);
