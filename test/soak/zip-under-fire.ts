import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { runCli, startCli, startDev, workDirectory } from '../e2e/cli.js';
import { zipOf } from '../stand-in/zip-file.js';

const arnOf = (name: string): string => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const files = 3;
const rows = 120;

export interface ZipOutcome {
  /** What was killed, when, and how the command ended then and at last. */
  how: string;
  exitCode: number;
  /** Executions of import-zip and of import-csv of this ZIP that are SUCCEEDED, and others. */
  succeeded: number;
  others: number;
  /** Rows found in the stored objects, and how many of them more than once. */
  stored: number;
  doubled: number;
}

/**
 * Imports ZIPs of three files on `mbc-flow dev`; each time the client or the server is killed with SIGKILL at a moment that
 * `random` chooses, the server is started again on its port and data, and the same line is typed until it has an outcome.
 */
export async function* zipsUnderFire(rounds: number, random: () => number): AsyncGenerator<ZipOutcome> {
  const cwd = workDirectory();
  let dev = await startDev({ cwd });
  const port = Number(new URL(dev.endpoint).port);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const config = { endpoint: dev.endpoint, region: 'ap-northeast-1', credentials, maxAttempts: 20 };
  const sfn = new SFNClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  let longest = 0;
  for (let round = 0; round < rounds + 1; round++) {
    const name = `round-${round}.zip`;
    writeFileSync(join(cwd, name), zipOf(entriesOf(round)));
    const line = ['import', name, '--endpoint-url', dev.endpoint, '-o', 'json'];
    const began = performance.now();
    const victim = random() < 0.5 ? 'client' : 'dev';
    const after = random() * longest;
    const first = startCli(line, { cwd });
    // The first round shows how long one takes; the others are broken off within that.
    if (round > 0) {
      await new Promise((resolve) => setTimeout(resolve, after));
      if (victim === 'client') first.child.kill('SIGKILL');
      else {
        await dev.kill('SIGKILL');
        dev = await startDev({ cwd, port });
      }
    }
    let ran = await first.done;
    if (round === 0) longest = performance.now() - began;
    let how = `round ${round}, ${victim} killed after ${Math.round(after)} ms: ${ran.exitCode}`;
    for (let again = 0; again < 3 && ran.exitCode !== 0 && ran.exitCode !== 5; again++) {
      ran = await runCli(line, { cwd });
      how += `, ${ran.exitCode} ${ran.stderr.slice(0, 200)}`;
    }
    if (round > 0) yield { how, exitCode: ran.exitCode, ...(await left(sfn, s3, round)) };
  }
  await dev.kill();
}

const entriesOf = (round: number) =>
  Array.from({ length: files }, (_, file) => ({
    name: `2026010109300${file}-round${round}.csv`,
    text: `id,v\n${Array.from({ length: rows }, (_row, row) => `${round}-${file}-${row},v\n`).join('')}`,
  }));

/** What there should be. */
export const whole = { succeeded: files + 1, others: 0, stored: files * rows, doubled: 0 };

async function left(
  sfn: SFNClient,
  s3: S3Client,
  round: number,
): Promise<Omit<ZipOutcome, 'how' | 'exitCode'>> {
  const statuses: string[] = [];
  for (const machine of ['import-zip', 'import-csv']) {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: arnOf(machine), maxResults: 1_000 }),
    );
    for (const { executionArn, status = '' } of executions) {
      const { input = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input.includes(`-round${round}.csv`)) statuses.push(status);
    }
  }
  const Prefix = `imported/round${round}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix }));
  const ids: string[] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'local-bucket', Key }));
    for (const row of ((await Body?.transformToString()) ?? '').trim().split('\n'))
      ids.push(JSON.parse(row).row.id);
  }
  const succeeded = statuses.filter((status) => status === 'SUCCEEDED').length;
  return {
    succeeded,
    others: statuses.length - succeeded,
    stored: ids.length,
    doubled: ids.length - new Set(ids).size,
  };
}
