import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, type LoggingConfiguration } from '@aws-sdk/client-sfn';
import type { Json } from '../src/json/json.js';
import { machine } from './cases/case.js';
import { MissingOperation } from './clients.js';
import { functionLogs, vendedLogs } from './kinds.js';
import { bucketOf, call, filled, functionArn, machineArn, make, type Side, tagList, tagsOf } from './side.js';

export const functionNames = [
  'id_function',
  'raise_exception',
  'raise_custom_exception',
  'fail_at_first',
  'large_output_string',
  'slow_function',
];

const rows = Array.from({ length: 5 }, (_, index) => `${index + 1},品目${index + 1},${index * 100}\n`);
export const objects: Record<string, string> = {
  'rows.csv': `id,name,price\n${rows.join('')}`,
  'items.json': '[{"n":1.0},{"n":2},{"n":3}]',
};

/** Machines whose executions are logged, for the commands that read logs. */
export const logged = ['cli-flow', 'cli-express'];

/** Makes what cases share, and notes what there is. */
export async function provide(side: Side, root: string): Promise<void> {
  await Promise.all([
    within(side, 'bucket', () => provideBucket(side)),
    within(side, 'function', () => provideFunctions(side, root)),
    within(side, 'logs', () => provideLogs(side)),
    within(side, 'child', async () => {
      await createMachine(
        side,
        'child',
        machine({ Child: { Type: 'Pass', Result: { is: 'done' }, End: true } }),
      );
    }),
  ]);
}

async function within(side: Side, what: string, make: () => Promise<unknown>): Promise<void> {
  try {
    if ((await make()) !== false) side.has.add(what);
  } catch (error) {
    if (!(error instanceof MissingOperation)) throw error;
  }
}

async function provideBucket(side: Side): Promise<void> {
  const { s3 } = side.clients;
  const Bucket = bucketOf(side);
  const { region } = side.place;
  const elsewhere =
    region === 'us-east-1' ? undefined : { LocationConstraint: region as BucketLocationConstraint };
  await make(side, { kind: 'bucket', name: Bucket }, 's3.CreateBucket', () =>
    s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: elsewhere })),
  );
  const TagSet = tagList(side).map(({ key: Key, value: Value }) => ({ Key, Value }));
  await call(side, 's3.PutBucketTagging', () =>
    s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })),
  ).catch((error: unknown) => {
    // Its name in the journal tells whose it is.
    if (!(error instanceof MissingOperation)) throw error;
  });
  for (const [Key, Body] of Object.entries(objects))
    await call(side, 's3.PutObject', () => s3.send(new PutObjectCommand({ Bucket, Key, Body })));
}

async function provideLogs(side: Side): Promise<void> {
  for (const id of logged) await createLogGroup(side, `${vendedLogs}${side.name}-${id}`);
}

async function createLogGroup(side: Side, logGroupName: string): Promise<void> {
  await make(side, { kind: 'log group', name: logGroupName }, 'logs.CreateLogGroup', () =>
    side.clients.logs.send(new CreateLogGroupCommand({ logGroupName, tags: tagsOf(side) })),
  );
}

/** Deploys them where the target has functions that could be found again; else they may be there, without a run's name. */
async function provideFunctions(side: Side, root: string): Promise<boolean> {
  const { lambda } = side.clients;
  try {
    await call(side, 'lambda.ListFunctions', () => lambda.send(new ListFunctionsCommand({ MaxItems: 1 })));
  } catch (error) {
    if (!(error instanceof MissingOperation)) throw error;
    side.functions = side.prefix;
    return await areThere(side);
  }
  const ZipFile = zipOf('index.mjs', readFileSync(join(root, 'acceptance/functions/index.mjs')));
  await Promise.all(
    functionNames.map(async (name) => {
      const FunctionName = `${side.name}-${name}`;
      // Lambda would make it itself, without the tag.
      await createLogGroup(side, functionLogs + FunctionName).catch((error: unknown) => {
        if (!(error instanceof MissingOperation)) throw error;
      });
      await make(side, { kind: 'function', name: FunctionName }, 'lambda.CreateFunction', () =>
        lambda.send(
          new CreateFunctionCommand({
            FunctionName,
            Role: side.functionRoleArn,
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Code: { ZipFile },
            Timeout: 30,
            Tags: tagsOf(side),
          }),
        ),
      );
      await active(side, FunctionName);
    }),
  );
  return true;
}

async function active(side: Side, FunctionName: string): Promise<void> {
  for (let asked = 0; asked < 60; asked++) {
    const { State = 'Active', StateReason } = await call(side, 'lambda.GetFunctionConfiguration', () =>
      side.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    );
    if (State === 'Active') return;
    if (State === 'Failed') throw new Error(`the function ${FunctionName}: ${StateReason}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Whether functions of these names answer as ours do. */
async function areThere(side: Side): Promise<boolean> {
  const asked = new InvokeCommand({ FunctionName: functionArn(side, 'raise_exception'), Payload: '{}' });
  try {
    const answer = await call(side, 'lambda.Invoke', () => side.clients.lambda.send(asked));
    return Buffer.from(answer.Payload ?? []).includes('Some exception was raised.');
  } catch (error) {
    side.signal.throwIfAborted();
    if (!(error instanceof MissingOperation) && (error as Error).name !== 'ResourceNotFoundException')
      throw error;
    return false;
  }
}

export interface MachineOptions {
  type?: 'STANDARD' | 'EXPRESS';
  logs?: boolean;
}

/** @returns its ARN */
export async function createMachine(
  side: Side,
  id: string,
  definition: Json,
  { type = 'STANDARD', logs = false }: MachineOptions = {},
): Promise<string> {
  const name = `${side.name}-${id}`;
  const { region, account } = side.place;
  const logGroupArn = `arn:aws:logs:${region}:${account}:log-group:${vendedLogs}${name}:*`;
  const loggingConfiguration: LoggingConfiguration | undefined = logs
    ? {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
      }
    : undefined;
  const { stateMachineArn } = await make(
    side,
    { kind: 'state machine', name },
    'states.CreateStateMachine',
    () =>
      side.clients.sfn.send(
        new CreateStateMachineCommand({
          name,
          type,
          roleArn: side.roleArn,
          definition: JSON.stringify(filled(side, definition)),
          tags: tagList(side),
          loggingConfiguration,
        }),
      ),
  );
  return stateMachineArn ?? machineArn(side, id);
}

/** A ZIP of one file, stored as it is. */
export function zipOf(name: string, body: Buffer): Buffer {
  const path = Buffer.from(name);
  const common = Buffer.alloc(26);
  // Version 2.0, no flags, stored, 1 January 1980.
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(33, 8);
  common.writeUInt32LE(crc32(body), 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, body]);
  const rest = Buffer.alloc(14);
  // A regular file that all may read.
  rest.writeUInt32LE(0o100644 * 0x10000, 6);
  const madeBy = Buffer.from([20, 3]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common, rest, path]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
