import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  type DescribeExecutionCommandOutput,
  paginateGetExecutionHistory,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ended, type Local } from '../../local/harness.js';
import type { Case } from './read.js';

/** What became of a case here, by the names that its `expected` has for it. */
export interface Outcome {
  status: string;
  error?: string;
  cause?: string;
  /** As the service wrote it. */
  output?: string;
  eventTypes: string[];
}

const ROLE = 'arn:aws:iam::101010101010:role/case';

/** Its objects put, its machine made and its execution run to the end, by the real SDK. */
export async function runCase(local: Local, { definition, input, s3 }: Case): Promise<Outcome> {
  for (const [path, body] of Object.entries(s3)) await put(local, path, body);
  for (const bucket of writtenTo(definition, input)) await makeBucket(local, bucket);
  const create = new CreateStateMachineCommand({ name: `case-${randomUUID()}`, roleArn: ROLE, definition });
  const made = await local.sfn.send(create).catch(refused);
  if ('status' in made) return made;
  const { stateMachineArn } = made;
  const { executionArn = '' } = await local.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  const { status = '', error, cause, output } = await endedInTime(local, executionArn);
  const eventTypes: string[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client: local.sfn }, { executionArn }))
    eventTypes.push(...events.map(({ type }) => String(type)));
  await local.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  return { status, error, cause, output, eventTypes };
}

async function put(local: Local, path: string, body: string): Promise<void> {
  const [bucket = '', ...key] = path.split('/');
  await makeBucket(local, bucket);
  await local.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key.join('/'), Body: body }));
}

async function makeBucket({ s3 }: Local, bucket: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch(() => undefined);
}

/** Buckets that a ResultWriter may name, itself or by the input. */
function writtenTo(definition: string, input: string): string[] {
  if (!definition.includes('"ResultWriter"')) return [];
  return [...`${definition} ${input}`.matchAll(/"Bucket":\s*"([a-z0-9-]+)"/g)].map(([, name = '']) => name);
}

const refused = ({ name: error, message: cause }: Error): Outcome => ({
  status: 'REFUSED',
  error,
  cause,
  eventTypes: [],
});

async function endedInTime({ sfn }: Local, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('the execution is still running after 60 seconds')), 60_000).unref();
  });
  return Promise.race([ended(sfn, executionArn), late]);
}
