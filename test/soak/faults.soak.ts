import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { binary, startDev, workDirectory } from '../e2e/cli.js';
import { count, randomNumbers, seed } from './seed.js';

const config = (endpoint: string) => ({
  endpoint,
  region: 'ap-northeast-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

/** The binary in a shell that lets no file grow beyond `kibibytes`: the write that would fails with an I/O error. */
const limited = (kibibytes: number): string[] => [
  'bash',
  '-c',
  `trap '' XFSZ; ulimit -f ${kibibytes}; exec "$0" "$@"`,
  process.execPath,
  binary,
];

const definition = JSON.stringify({ StartAt: 'p', States: { p: { Type: 'Pass', End: true } } });

/** Executions and objects until something is refused, or the server ends; what was acknowledged. */
async function fill(endpoint: string, ended: () => boolean) {
  const sfn = new SFNClient(config(endpoint));
  const s3 = new S3Client({ ...config(endpoint), forcePathStyle: true });
  const executions: string[] = [];
  const objects: { key: string; size: number }[] = [];
  let refusal = '';
  try {
    const roleArn = 'arn:aws:iam::101010101010:role/r';
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({ name: 'fill', roleArn, definition }),
    );
    for (let n = 0; !ended(); n++) {
      const input = JSON.stringify('x'.repeat(20_000));
      const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: `n${n}`, input }));
      executions.push(started.executionArn ?? '');
      const size = 30_000 * (n + 1);
      await s3.send(new PutObjectCommand({ Bucket: 'local-bucket', Key: `k${n}`, Body: 'y'.repeat(size) }));
      objects.push({ key: `k${n}`, size });
    }
  } catch (error) {
    refusal = String(error);
  }
  return { executions, objects, refusal };
}

/** Everything that was acknowledged is there after a start without a fault. */
async function expectKept(
  cwd: string,
  { executions, objects }: Pick<Awaited<ReturnType<typeof fill>>, 'executions' | 'objects'>,
): Promise<void> {
  const dev = await startDev({ cwd });
  const sfn = new SFNClient(config(dev.endpoint));
  const s3 = new S3Client({ ...config(dev.endpoint), forcePathStyle: true });
  for (const executionArn of executions) {
    const description = () => sfn.send(new DescribeExecutionCommand({ executionArn }));
    await expect.poll(async () => (await description()).status, { timeout: 10_000 }).toBe('SUCCEEDED');
  }
  for (const { key, size } of objects) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'local-bucket', Key: key }));
    expect((await Body?.transformToString())?.length).toBe(size);
  }
  await dev.kill();
}

test('a write that fails, whichever it is, is a clear error, and costs nothing that was acknowledged', async () => {
  const random = randomNumbers(seed);
  for (let round = 0; round < count(40, 2); round++) {
    const cwd = workDirectory();
    // From a limit that even the first start does not fit in, to one that some executions and objects do.
    const kibibytes = Math.floor(20 + random() ** 2 * 2000);
    let dev: Awaited<ReturnType<typeof startDev>> | undefined;
    try {
      dev = await startDev({ cwd, command: limited(kibibytes) });
    } catch (error) {
      expect(String(error)).toMatch(/disk is full|cannot be used|file too large|EFBIG/i);
    }
    if (!dev) {
      await expectKept(cwd, { executions: [], objects: [] });
      continue;
    }
    const { child } = dev.cli;
    const kept = await fill(dev.endpoint, () => child.exitCode !== null);
    expect(kept.refusal, `limit ${kibibytes}`).not.toBe('');
    await dev.kill('SIGKILL');
    await expectKept(cwd, kept);
  }
});

test('a torn last page is passed over, and nothing that was acknowledged with it', async () => {
  const random = randomNumbers(seed);
  for (let round = 0; round < count(20, 1); round++) {
    const cwd = workDirectory();
    const dev = await startDev({ cwd });
    let calls = 0;
    const most = 3 + Math.floor(random() * 20);
    const kept = await fill(dev.endpoint, () => calls++ >= most);
    await dev.kill('SIGKILL');
    const wal = join(dev.dataDir, 'state.db-wal');
    // A page that was being written when the power went: half of it is there, or none of it makes sense.
    appendFileSync(wal, Buffer.from(Array.from({ length: 100 + random() * 6000 }, () => random() * 256)));
    if (round % 2 === 1) truncateSync(wal, statSync(wal).size - Math.floor(random() * 90));
    await expectKept(cwd, kept);
  }
});
