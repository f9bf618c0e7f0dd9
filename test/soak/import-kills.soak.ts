import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { runCli, startCli, startDev, workDirectory } from '../e2e/cli.js';
import { count, randomNumbers, seed } from './seed.js';

const rounds = count(50, 3);
const rows = 400;
const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';

/** Eighteen megabytes, of which AWS drops most: an upload of three parts. Row 200 fails. */
function writeFile(file: string, round: number): void {
  const dropped = 'x'.repeat(45_000);
  const lines = Array.from({ length: rows }, (_, n) => `${n === 200 ? '' : `${round}-${n}`},v,${dropped}\n`);
  writeFileSync(file, `id,v\n${lines.join('')}`);
}

test(`an import that is killed (or told to stop) at ${rounds} random moments, and the same line again`, async () => {
  const random = randomNumbers(seed);
  const cwd = workDirectory();
  const dev = await startDev({ cwd });
  const config = {
    endpoint: dev.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const sfn = new SFNClient(config);
  const keys = async (Prefix: string): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const phases = new Map<string, number>();
  let longest = 0;
  for (let round = 0; round < rounds; round++) {
    const file = `round-${round}.csv`;
    writeFile(join(cwd, file), round);
    const line = ['import', file, '--endpoint-url', dev.endpoint, '-o', 'json'];
    const began = performance.now();
    const first = startCli(line, { cwd });
    const signal = random() < 0.7 ? 'SIGKILL' : 'SIGINT';
    // The first round shows how long one takes; the others are broken off within that.
    const timer = round === 0 ? undefined : setTimeout(() => first.child.kill(signal), random() * longest);
    const broken = await first.done;
    clearTimeout(timer);
    if (round === 0) longest = performance.now() - began;
    const { exitCode, stdout, stderr } = await runCli(line, { cwd });

    const why = `round ${round}, ${signal}, first exit ${broken.exitCode}: ${stderr}`;
    if (broken.exitCode === 1) {
      expect(exitCode, why).toBe(5);
    } else {
      expect(exitCode, why).toBe(1);
      expect(JSON.parse(stdout), why).toMatchObject({
        rows: { total: rows, succeeded: rows - 1, failed: 1, unknown: 0 },
        failures: [{ line: 202, reason: 'id is empty' }],
      });
    }
    phases.set(String(broken.exitCode), (phases.get(String(broken.exitCode)) ?? 0) + 1);
    expect(
      (await keys('imports/')).filter((key) => key.endsWith(`/${file}`)),
      why,
    ).toHaveLength(1);
    const stored: string[] = [];
    for (const key of await keys(`imported/round-${round}/`)) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'local-bucket', Key: key }));
      const text = (await Body?.transformToString()) ?? '';
      stored.push(
        ...text
          .trim()
          .split('\n')
          .map((row) => (JSON.parse(row) as { row: { id: string } }).row.id),
      );
    }
    expect([stored.length, new Set(stored).size], why).toEqual([rows - 1, rows - 1]);
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
    );
    expect(executions.length, why).toBe(round + 1);
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'local-bucket' }));
    expect(Uploads, why).toEqual([]);
  }
  process.stdout.write(`exit codes of the broken runs: ${JSON.stringify(Object.fromEntries(phases))}\n`);
  await dev.kill();
});
