import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bucket, noise, startS3, temporaryDirectory } from './harness.js';

const run = promisify(execFile);
const hasAws = spawnSync('aws', ['--version']).status === 0;

test.runIf(hasAws)('aws s3 cp, mv, ls and rm of 50 MB', async () => {
  const s3 = await startS3();
  const dir = temporaryDirectory();
  const file = join(dir, '売上 2026.csv');
  const bytes = noise(50_000_000);
  writeFileSync(file, bytes);
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'ap-northeast-1',
    AWS_CONFIG_FILE: join(dir, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(dir, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    LC_ALL: 'C.UTF-8',
    PYTHONUTF8: '1',
  };
  const aws = async (...args: string[]): Promise<string> =>
    (await run('aws', ['--endpoint-url', s3.endpoint, 's3', ...args], { env })).stdout;
  await aws('cp', '--no-progress', file, `s3://${bucket}/in/売上 2026.csv`);
  expect(s3.objects.head(bucket, 'in/売上 2026.csv')?.size).toBe(bytes.length);
  await aws('mv', '--no-progress', `s3://${bucket}/in/売上 2026.csv`, `s3://${bucket}/moved`);
  expect(s3.objects.list(bucket).map(({ key }) => key)).toEqual(['moved']);
  const back = join(dir, 'back');
  await aws('cp', '--no-progress', `s3://${bucket}/moved`, back);
  expect(readFileSync(back).equals(bytes)).toBe(true);
  expect(await aws('ls', `s3://${bucket}/`)).toContain('50000000 moved');
  await aws('rm', '--recursive', `s3://${bucket}/`);
  expect(s3.objects.list(bucket)).toEqual([]);
  expect(s3.files()).toEqual([]);
});
