import {
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListTagsOfLogGroup,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  ListTagsCommand,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import {
  DeleteActivityCommand,
  DeleteStateMachineCommand,
  DescribeActivityCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand as ListTagsOfMachine,
  paginateListActivities,
  paginateListExecutions,
  paginateListStateMachines,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Clients, Missing } from './clients.js';
import type { Kind, Place } from './journal.js';

/** What a kind of resource is found by, told from others, and removed with. */
export interface Shelf {
  kind: Kind;
  /** The names of those that begin so. */
  names(beginning: string): Promise<string[]>;
  /** Its tags; undefined: it is not there. */
  tags(name: string): Promise<Record<string, string> | undefined>;
  remove(name: string): Promise<void>;
}

export const vendedLogs = '/aws/vendedlogs/states/';
export const functionLogs = '/aws/lambda/';

/** In the order in which they are taken down: what may still write goes first. */
export function shelves(clients: Clients, missing: Missing, place: Place): Shelf[] {
  return [
    machines(clients, missing, place),
    activities(clients, missing, place),
    functions(clients, missing, place),
    buckets(clients, missing),
    logGroups(clients, missing, place),
  ];
}

const GONE =
  /^(StateMachineDoesNotExist|ActivityDoesNotExist|ResourceNotFound(Exception)?|NoSuchBucket|NotFound)$/;

/** Undefined where the thing is gone. */
async function unlessGone<T>(send: Promise<T>): Promise<T | undefined> {
  try {
    return await send;
  } catch (error) {
    if (GONE.test((error as Error).name)) return undefined;
    throw error;
  }
}

async function gathered<T>(
  pages: AsyncIterable<T>,
  names: (page: T) => (string | undefined)[],
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) for (const name of names(page)) if (name !== undefined) found.push(name);
  return found;
}

const record = (tags: { key?: string; value?: string }[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));

function machines({ sfn }: Clients, missing: Missing, { account, region }: Place): Shelf {
  const arnOf = (name: string): string => `arn:aws:states:${region}:${account}:stateMachine:${name}`;
  return {
    kind: 'state machine',
    async names(beginning) {
      const pages = paginateListStateMachines({ client: sfn }, {});
      const all = await missing.call('states.ListStateMachines', () =>
        gathered(pages, ({ stateMachines = [] }) => stateMachines.map(({ name }) => name)),
      );
      return all.filter((name) => name.startsWith(beginning));
    },
    async tags(name) {
      const stateMachineArn = arnOf(name);
      const found = await missing.call('states.DescribeStateMachine', () =>
        unlessGone(sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))),
      );
      // It goes by itself when its last execution has ended.
      if (!found || found.status === 'DELETING') return undefined;
      const answer = await missing.call('states.ListTagsForResource', () =>
        sfn.send(new ListTagsOfMachine({ resourceArn: stateMachineArn })),
      );
      return record(answer.tags);
    },
    async remove(name) {
      const stateMachineArn = arnOf(name);
      // Those of EXPRESS machines cannot be listed or stopped; they end within five minutes.
      const running = await gathered(
        paginateListExecutions({ client: sfn }, { stateMachineArn, statusFilter: 'RUNNING' }),
        ({ executions = [] }) => executions.map(({ executionArn }) => executionArn),
      ).catch(() => []);
      for (const executionArn of running)
        await sfn.send(new StopExecutionCommand({ executionArn })).catch(() => undefined);
      await unlessGone(sfn.send(new DeleteStateMachineCommand({ stateMachineArn })));
    },
  };
}

function activities({ sfn }: Clients, missing: Missing, { account, region }: Place): Shelf {
  const arnOf = (name: string): string => `arn:aws:states:${region}:${account}:activity:${name}`;
  return {
    kind: 'activity',
    async names(beginning) {
      const all = await missing.call('states.ListActivities', () =>
        gathered(paginateListActivities({ client: sfn }, {}), ({ activities = [] }) =>
          activities.map(({ name }) => name),
        ),
      );
      return all.filter((name) => name.startsWith(beginning));
    },
    async tags(name) {
      const activityArn = arnOf(name);
      const found = await missing.call('states.DescribeActivity', () =>
        unlessGone(sfn.send(new DescribeActivityCommand({ activityArn }))),
      );
      if (!found) return undefined;
      const answer = await missing.call('states.ListTagsForResource', () =>
        sfn.send(new ListTagsOfMachine({ resourceArn: activityArn })),
      );
      return record(answer.tags);
    },
    async remove(name) {
      await unlessGone(sfn.send(new DeleteActivityCommand({ activityArn: arnOf(name) })));
    },
  };
}

function functions({ lambda }: Clients, missing: Missing, { account, region }: Place): Shelf {
  return {
    kind: 'function',
    async names(beginning) {
      const all = await missing.call('lambda.ListFunctions', () =>
        gathered(paginateListFunctions({ client: lambda }, {}), ({ Functions = [] }) =>
          Functions.map(({ FunctionName }) => FunctionName),
        ),
      );
      return all.filter((name) => name.startsWith(beginning));
    },
    async tags(name) {
      const found = await missing.call('lambda.GetFunction', () =>
        unlessGone(lambda.send(new GetFunctionCommand({ FunctionName: name }))),
      );
      if (!found) return undefined;
      if (found.Tags) return found.Tags;
      const Resource = `arn:aws:lambda:${region}:${account}:function:${name}`;
      const { Tags = {} } = await missing.call('lambda.ListTags', () =>
        lambda.send(new ListTagsCommand({ Resource })),
      );
      return Tags;
    },
    async remove(name) {
      await unlessGone(lambda.send(new DeleteFunctionCommand({ FunctionName: name })));
    },
  };
}

function buckets({ s3 }: Clients, missing: Missing): Shelf {
  return {
    kind: 'bucket',
    async names(beginning) {
      const names: string[] = [];
      for (let token: string | undefined, more = true; more; more = token !== undefined) {
        const query = { Prefix: beginning, ContinuationToken: token };
        const { Buckets = [], ContinuationToken } = await missing.call('s3.ListBuckets', () =>
          s3.send(new ListBucketsCommand(query)),
        );
        names.push(...Buckets.map(({ Name = '' }) => Name));
        token = ContinuationToken;
      }
      return names.filter((name) => name.startsWith(beginning));
    },
    async tags(name) {
      try {
        const { TagSet = [] } = await missing.call('s3.GetBucketTagging', () =>
          s3.send(new GetBucketTaggingCommand({ Bucket: name })),
        );
        return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
      } catch (error) {
        if ((error as Error).name === 'NoSuchTagSet') return {};
        if (GONE.test((error as Error).name)) return undefined;
        throw error;
      }
    },
    async remove(Bucket) {
      for (;;) {
        const { Contents = [], IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket }));
        const Objects = Contents.map(({ Key }) => ({ Key }));
        if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
        if (!IsTruncated) break;
      }
      const { Uploads = [] } = await s3
        .send(new ListMultipartUploadsCommand({ Bucket }))
        .catch(() => ({ Uploads: [] }));
      for (const { Key, UploadId } of Uploads)
        await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
    },
  };
}

/** Those of state machines and of functions. */
function logGroups({ logs }: Clients, missing: Missing, { account, region }: Place): Shelf {
  return {
    kind: 'log group',
    async names(beginning) {
      const found: string[] = [];
      for (const head of [vendedLogs, functionLogs]) {
        const pages = paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: head + beginning });
        const page = await missing.call('logs.DescribeLogGroups', () =>
          gathered(pages, ({ logGroups = [] }) => logGroups.map(({ logGroupName }) => logGroupName)),
        );
        found.push(...page);
      }
      return found;
    },
    async tags(name) {
      const { logGroups = [] } = await missing.call('logs.DescribeLogGroups', () =>
        logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
      );
      if (!logGroups.some(({ logGroupName }) => logGroupName === name)) return undefined;
      const resourceArn = `arn:aws:logs:${region}:${account}:log-group:${name}`;
      const answer = await missing.call('logs.ListTagsForResource', () =>
        unlessGone(logs.send(new ListTagsOfLogGroup({ resourceArn }))),
      );
      return answer?.tags ?? {};
    },
    async remove(logGroupName) {
      await unlessGone(logs.send(new DeleteLogGroupCommand({ logGroupName })));
    },
  };
}
