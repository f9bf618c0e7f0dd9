import { expect, test } from 'vitest';
import { FlowError } from '../../../src/errors.js';
import { frameworkStreamFilter } from '../../../src/events/filter-pattern.js';
import { findEventSource } from '../../../src/operations/trigger/find-event-source.js';
import type { EventSourceMapping } from '../../../src/ports/aws.js';

const table = (name: string) =>
  `arn:aws:dynamodb:ap-northeast-1:123456789012:table/${name}/stream/2025-01-14T12:05:57.881`;
const queue = (name: string) => `arn:aws:sqs:ap-northeast-1:123456789012:${name}`;
const lambda = (name: string) => `arn:aws:lambda:ap-northeast-1:123456789012:function:${name}`;
const mapped = (eventSourceArn: string, name: string, filters: string[] = []): EventSourceMapping => ({
  eventSourceArn,
  functionArn: lambda(name),
  filters,
});
const mappings = [
  mapped(table('dev-acme-sample-command'), 'dev-acme-lambda-api', ['{"eventName":["INSERT"]}']),
  mapped(table('dev-acme-tasks'), 'dev-acme-lambda-api'),
  mapped(table('dev-acme-tasks'), 'dev-acme-audit'),
  mapped(queue('dev-acme-tasks'), 'dev-acme-worker'),
];

/** An account with these mappings, whose machine calls these functions. */
function account(found: EventSourceMapping[] | FlowError, functions = ['dev-acme-lambda-api']) {
  const States = Object.fromEntries(
    functions.map((name) => [
      name,
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: lambda(name) },
        End: true,
      },
    ]),
  );
  return {
    functions: {
      async eventSourceMappings() {
        if (found instanceof FlowError) throw found;
        return found;
      },
    },
    states: {
      describeStateMachine: async (stateMachineArn: string) => ({
        stateMachineArn,
        name: 'dev-acme-command-handler',
        type: 'STANDARD' as const,
        creationDate: new Date(0),
        roleArn: '',
        definition: JSON.stringify({ StartAt: functions[0], States }),
      }),
    },
  };
}
const wanted = {
  kind: 'stream' as const,
  name: 'sample-command',
  prefix: 'dev-acme-',
  region: 'ap-northeast-1',
  account: '123456789012',
  machineArn: async () => 'arn:machine',
};

test('a mapping says the function, the ARN and the filters, whether the prefix is named or not', async () => {
  for (const name of ['sample-command', 'dev-acme-sample-command']) {
    expect(await findEventSource(account(mappings), { ...wanted, name })).toEqual({
      name: 'dev-acme-sample-command',
      arn: table('dev-acme-sample-command'),
      functionName: lambda('dev-acme-lambda-api'),
      reason: 'by its event source mapping',
      filters: [{ eventName: ['INSERT'] }],
    });
  }
});

test('a table and a queue of one name are two sources', async () => {
  const found = await findEventSource(account(mappings), { ...wanted, kind: 'queue', name: 'tasks' });
  expect(found).toMatchObject({
    arn: queue('dev-acme-tasks'),
    functionName: lambda('dev-acme-worker'),
    filters: [],
  });
});

test('several functions are listed, never picked; a named one is taken with its own mapping', async () => {
  const tasks = { ...wanted, name: 'tasks' };
  await expect(findEventSource(account(mappings), tasks)).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringContaining('dev-acme-lambda-api, dev-acme-audit'),
  });
  expect(
    await findEventSource(account(mappings), { ...tasks, functionName: 'dev-acme-audit' }),
  ).toMatchObject({
    functionName: 'dev-acme-audit',
    arn: table('dev-acme-tasks'),
  });
});

test('without a mapping, or where they may not be listed: what the machine calls, as the framework sets it up', async () => {
  const denied = new FlowError(4, 'AccessDeniedException', 'no');
  for (const found of [[], denied]) {
    expect(await findEventSource(account(found), wanted)).toEqual({
      name: 'dev-acme-sample-command',
      arn: expect.stringMatching(/table\/dev-acme-sample-command\/stream\//),
      functionName: lambda('dev-acme-lambda-api'),
      reason: 'what dev-acme-command-handler calls',
      filters: [frameworkStreamFilter],
    });
  }
  expect(await findEventSource(account([]), { ...wanted, configured: 'api' })).toMatchObject({
    functionName: 'api',
    reason: 'as configured',
  });
  await expect(findEventSource(account([], ['a', 'b']), wanted)).rejects.toMatchObject({ exitCode: 5 });
  await expect(
    findEventSource(account(new FlowError(6, 'Throttling', 'slow')), wanted),
  ).rejects.toMatchObject({ exitCode: 6 });
});
