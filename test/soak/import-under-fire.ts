import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { startDev, workDirectory } from '../e2e/cli.js';

const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';

export interface Outcome {
  kills: number;
  status: string | undefined;
  /** Rows found in the stored objects, and how many of them more than once. */
  stored: number;
  doubled: number;
  /** Executions (the parent and its children) whose history's ids are not 1, 2, 3, …; children not SUCCEEDED. */
  brokenHistories: number;
  badChildren: number;
  itemCounts: { total?: number; succeeded?: number; running?: number };
  mapRuns: number;
}

/**
 * Imports a CSV of `rows` rows (many of equal ids) on `mbc-flow dev`, which is killed with SIGKILL `kills` times at
 * moments that `random` chooses and started again on the same port and data, and looks at what came of it.
 */
export async function importUnderFire(rows: number, kills: number, random: () => number): Promise<Outcome> {
  const cwd = workDirectory();
  let dev = await startDev({ cwd });
  const port = Number(new URL(dev.endpoint).port);
  const config = {
    endpoint: dev.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 20,
  };
  const sfn = new SFNClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const lines = Array.from({ length: rows }, (_, n) => `${n % 97},行${n}`);
  await s3.send(
    new PutObjectCommand({ Bucket: 'local-bucket', Key: 'in.csv', Body: `id,名前\n${lines.join('\n')}\n` }),
  );
  const input = JSON.stringify({ bucket: 'local-bucket', key: 'in.csv', tableName: 'rows' });
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  const describe = () => sfn.send(new DescribeExecutionCommand({ executionArn }));

  let killed = 0;
  while (killed < kills && (await describe()).status === 'RUNNING') {
    await pause(random() * 80);
    await dev.kill('SIGKILL');
    killed++;
    dev = await startDev({ cwd, port });
  }
  while ((await describe()).status === 'RUNNING') await pause(50);

  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn;
  const { itemCounts = {} } = await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
  const names = await storedNames(s3);
  const children = await childrenOf(sfn, mapRunArn);
  const arns = [executionArn, ...children.map((child) => child.executionArn)];
  let brokenHistories = 0;
  for (const arn of arns) if (!(await hasWholeHistory(sfn, arn))) brokenHistories++;
  const { status } = await describe();
  await dev.kill();
  return {
    kills: killed,
    status,
    stored: names.length,
    doubled: names.length - new Set(names).size,
    brokenHistories,
    badChildren: children.filter((child) => child.status !== 'SUCCEEDED').length,
    itemCounts,
    mapRuns: mapRuns.length,
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function storedNames(s3: S3Client): Promise<string[]> {
  const names: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix: 'imported/', ContinuationToken }),
    );
    for (const { Key } of page.Contents ?? []) {
      const object = await s3.send(new GetObjectCommand({ Bucket: 'local-bucket', Key }));
      const text = (await object.Body?.transformToString()) ?? '';
      names.push(
        ...text
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { row: { 名前: string } }).row.名前),
      );
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return names;
}

async function childrenOf(sfn: SFNClient, mapRunArn: string | undefined) {
  const children = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1000, nextToken }));
    children.push(...(page.executions ?? []));
    ({ nextToken } = page);
  } while (nextToken);
  return children;
}

async function hasWholeHistory(sfn: SFNClient, executionArn: string | undefined): Promise<boolean> {
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events.length > 0 && events.every((event, index) => event.id === index + 1);
}
