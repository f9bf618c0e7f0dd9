import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateStateMachineCommand, type LogLevel, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { material } from '../../shared.js';
import { ended, type Local, startServer } from '../harness.js';

const group = '/aws/vendedlogs/states/own';

async function start(
  server: Local,
  definition: string,
  options: { level: LogLevel; includeExecutionData: boolean; type?: 'STANDARD' | 'EXPRESS'; input?: string },
): Promise<string> {
  const { level, includeExecutionData, type, input } = options;
  if (!(await groupExists(server)))
    await server.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  const { stateMachineArn } = await server.sfn.send(
    new CreateStateMachineCommand({
      name: `m${Math.random().toString(36).slice(2)}`,
      definition,
      type,
      roleArn: 'arn:aws:iam::101010101010:role/x',
      loggingConfiguration: {
        level,
        includeExecutionData,
        destinations: [
          {
            cloudWatchLogsLogGroup: {
              logGroupArn: `arn:aws:logs:ap-northeast-1:101010101010:log-group:${group}:*`,
            },
          },
        ],
      },
    }),
  );
  const { executionArn = '' } = await server.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  return executionArn;
}

async function groupExists({ logs }: Local): Promise<boolean> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
  return logGroups.length > 0;
}

/** Lines of an execution once its last one is there. */
async function lines(server: Local, executionArn: string, logGroupName = group): Promise<JsonObject[]> {
  for (;;) {
    const { events = [] } = await server.logs
      .send(
        new FilterLogEventsCommand({
          logGroupName,
          filterPattern: `{ $.execution_arn = "${executionArn}" }`,
        }),
      )
      .catch(() => ({ events: [] }));
    const found = events.map(({ message = '' }) => JSON.parse(message) as JsonObject);
    if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(String(found.at(-1)?.type))) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** JSON texts within details as the recordings have them: parsed. */
function comparable(line: JsonObject): JsonObject {
  const { event_timestamp: _, execution_arn: __, details, ...rest } = line;
  const parsed = Object.entries(details as JsonObject).flatMap(([name, value]) => {
    if (name === 'roleArn') return [];
    const isText = (name === 'input' || name === 'output') && typeof value === 'string';
    return [[name, isText ? JSON.parse(value) : value]];
  });
  return { ...rest, details: Object.fromEntries(parsed) };
}

interface Recorded {
  id: string;
  test: string;
  definitions: string[];
  inputs: string[];
  type: 'STANDARD' | 'EXPRESS';
  lambdaHandlers: unknown[];
  /** Where the record lost the setting, the test's name still has it. */
  log: { log_level: LogLevel; include_execution_data: boolean | null }[];
  recorded: { logged_execution_events?: JsonObject[] };
}

const recordings = material.there
  ? material
      .text('histories/localstack-executions.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recorded)
      .filter(
        ({ recorded, definitions, lambdaHandlers, log }) =>
          recorded.logged_execution_events &&
          definitions.length === 1 &&
          lambdaHandlers.length === 0 &&
          log.length === 1,
      )
  : [];

material.test('lines are those that AWS was recorded writing', async () => {
  const server = await startServer();
  expect(recordings.length).toBeGreaterThan(10);
  for (const { definitions, inputs, type, log, recorded, test: name } of recordings) {
    if (inputs.length !== 1) continue;
    const [{ log_level: level, include_execution_data: withData }] = log as [Recorded['log'][0]];
    const includeExecutionData = withData ?? name.endsWith('_True]');
    const arn = await start(server, definitions[0] ?? '', {
      level,
      includeExecutionData,
      type,
      input: inputs[0],
    });
    const expected = (recorded.logged_execution_events ?? []).map(comparable);
    expect((await lines(server, arn)).map(comparable), name).toEqual(expected);
  }
});

test('EXPRESS executions, numbers in details, and the streams of AWS', async () => {
  const server = await startServer();
  const definition = {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        ItemsPath: '$',
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
        End: true,
      },
    },
  };
  const arn = await start(server, JSON.stringify(definition), {
    level: 'ALL',
    includeExecutionData: true,
    type: 'EXPRESS',
    input: '[1]',
  });
  const found = await lines(server, arn);
  expect(arn).toContain(':express:');
  expect(found.find(({ type }) => type === 'MapStateStarted')?.details).toEqual({ length: '1' });
  expect(found.find(({ type }) => type === 'MapIterationStarted')?.details).toEqual({
    name: 'M',
    index: '0',
  });
  expect(found.map(({ id }) => id)).toEqual(found.map((_, index) => String(index + 1)));
  const { logStreams = [] } = await server.logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
  expect(logStreams.map(({ logStreamName }) => logStreamName)).toEqual([
    'log_stream_created_by_aws_to_validate_log_delivery_subscriptions',
    expect.stringMatching(/^states\/m\w+\/\d{4}-\d\d-\d\d-\d\d\/00000000$/),
  ]);
});

test('the built-in machines log, and the children of a map run with their parent', async () => {
  const server = await startServer();
  const items = JSON.stringify([{ fail: 'no' }]);
  const { executionArn = '' } = await server.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:sfn-task',
      input: items,
    }),
  );
  await ended(server.sfn, executionArn);
  const found = await lines(server, executionArn, '/aws/vendedlogs/states/sfn-task-Logs');
  expect(found[0]).toMatchObject({ id: '1', type: 'ExecutionStarted', redrive_count: '0' });
  expect(found.map(({ type }) => type)).toContain('MapIterationFailed');
  const failed = found.find(({ type }) => type === 'TaskFailed')?.details as JsonObject;
  expect(failed).toMatchObject({ error: 'Error' });
  const scheduled = found.find(({ type }) => type === 'TaskScheduled')?.details;
  expect(scheduled).toEqual({ resource: 'invoke', resourceType: 'lambda', region: 'ap-northeast-1' });
});

test('OFF logs nothing', async () => {
  const server = await startServer();
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  const arn = await start(server, definition, { level: 'OFF', includeExecutionData: true });
  await ended(server.sfn, arn);
  const { events } = await server.logs.send(new FilterLogEventsCommand({ logGroupName: group }));
  expect(events).toEqual([]);
});
