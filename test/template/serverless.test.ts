// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the Serverless Framework writes its variables so
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.js';
import { resolveTemplate } from '../../src/template/machines.js';
import { parseJsonOrYaml } from '../../src/template/parse.js';
import { isServerless, serverlessTemplate } from '../../src/template/serverless.js';
import { serverlessEvents } from '../../src/template/serverless-events.js';
import { material } from '../shared.js';

const place = { partition: 'aws', region: 'ap-northeast-1', account: '101010101010', stackName: 'local' };

async function machinesOf(
  text: string,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<Record<string, JsonObject>> {
  const file = (await parseJsonOrYaml(text)) as JsonObject;
  expect(isServerless(file)).toBe(true);
  const read = async (path: string): Promise<string> => files[path] ?? Promise.reject(new Error(path));
  const template = await serverlessTemplate(file, { env, read, ...place });
  const { machines } = resolveTemplate(template, place);
  return Object.fromEntries(
    machines.map(({ name, definition, ...rest }) => [
      name,
      { ...rest, definition: 'text' in definition ? JSON.parse(definition.text) : definition } as JsonObject,
    ]),
  );
}

const service = `
service: shop
provider: { name: aws, stage: "\${opt:stage, 'dev'}" }
functions: { main: { handler: a.b }, pay-out: { handler: a.c, name: payer } }
`;
const withDefinition = (definition: string, more = ''): string =>
  `${service}${more}\nstepFunctions: { stateMachines: { m: { definition: ${definition} } } }`;
const pass = (result: string): string => `{ StartAt: P, States: { P: { Type: Pass, Result: ${result} } } }`;
const resultOf = async (
  result: string,
  ...more: [string?, Record<string, string>?, Record<string, string>?]
) => (await machinesOf(withDefinition(pass(result), more[0]), more[1], more[2])).m?.definition;
const passed = (Result: unknown) => ({ StartAt: 'P', States: { P: { Type: 'Pass', Result } } });

test('machines with their names, types, logging and functions', async () => {
  const machines = await machinesOf(`${service}
stepFunctions:
  stateMachines:
    first:
      name: \${self:service}-\${sls:stage}-first
      type: EXPRESS
      loggingConfig: { level: ALL, destinations: [{ Fn::GetAtt: [Logs, Arn] }] }
      definition:
        StartAt: A
        States: { A: { Type: Task, Resource: !GetAtt main.Arn, Next: B }, B: { Type: Task, Resource: !GetAtt PayDashoutLambdaFunction.Arn } }
    second: { role: arn:aws:iam::1:role/r, definition: { StartAt: A, States: {} } }
    without: { events: [] }
resources:
  - Resources: { Logs: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /first } } }
  - Resources:
      Third:
        Type: AWS::StepFunctions::StateMachine
        Properties: { StateMachineName: third, Definition: { Comment: !Ref first } }
`);
  const lambda = 'arn:aws:lambda:ap-northeast-1:101010101010:function';
  expect(Object.keys(machines).sort()).toEqual(['second', 'shop-dev-first', 'third']);
  expect(machines['shop-dev-first']).toMatchObject({
    logicalId: 'shopdevfirst',
    type: 'EXPRESS',
    loggingConfiguration: {
      level: 'ALL',
      destinations: [
        {
          cloudWatchLogsLogGroup: {
            logGroupArn: 'arn:aws:logs:ap-northeast-1:101010101010:log-group:/first:*',
          },
        },
      ],
    },
    definition: {
      States: { A: { Resource: `${lambda}:shop-dev-main` }, B: { Resource: `${lambda}:payer` } },
    },
  });
  expect(machines.second).toMatchObject({
    logicalId: 'SecondStepFunctionsStateMachine',
    roleArn: 'arn:aws:iam::1:role/r',
  });
});

describe('variables', () => {
  test.each([
    ['a member, whole', '${self:custom.list}', [1, 2]],
    ['an item of a list', '${self:custom.list.1}', 2],
    ['in a text', 'x-${self:custom.list.0}-${aws:region}', 'x-1-ap-northeast-1'],
    ['one that decides another', '${self:custom.by.${opt:stage}}', 'for dev'],
    ['by way of another', '${self:custom.far.deep}', 'reached'],
    ['a default', "${env:NONE, 'a, b'}", 'a, b'],
    ['a default that is a variable', '${env:NONE, self:custom.list.0}', 1],
    ['the environment', '${env:SOME, 3}', 'some'],
    ['a number', '${env:NONE, 3}', 3],
    ['a file', '${file(in/x.yml):a.b}', { c: 'dev' }],
    ['CloudFormation’s own are left', "'${Topic.Arn} ${AWS::Region}'", '${Topic.Arn} ${AWS::Region}'],
  ])('%s', async (_what, written, value) => {
    const custom =
      "custom: { list: [1, 2], by: { dev: for dev }, far: '${self:custom.near}', near: { deep: reached } }";
    const text = written.startsWith("'") ? written : JSON.stringify(written);
    const found = await resultOf(
      text,
      custom,
      { SOME: 'some' },
      { 'in/x.yml': 'a: { b: { c: "${sls:stage}" } }' },
    );
    expect(found).toEqual(passed(value));
  });

  test('what only AWS knows stands under its own name, and is told', async () => {
    const { m } = await machinesOf(withDefinition(pass('"${ssm:/key}"')));
    expect(m).toMatchObject({ definition: passed('ssm:/key'), unresolved: ['ssm:/key'] });
  });

  test.each([
    ['${env:NONE}', '${env:NONE} has no value: set NONE, or write a default'],
    ['${self:custom.none}', '${self:custom.none} has no value'],
    ['${self:custom.loop}', '${self:custom.loop} refers to itself'],
    ['${self:custom.loop.on}', 'refers to itself'],
  ])('%s is refused', async (written, message) => {
    await expect(
      resultOf(JSON.stringify(written), "custom: { loop: '${self:custom.loop}' }"),
    ).rejects.toThrow(message);
  });
});

test.each([
  ['a template', '{"Resources":{}}'],
  ['a state machine', '{"StartAt":"A","States":{}}'],
  ['another service description', 'service: x'],
])('%s is no serverless.yml', async (_what, text) => {
  expect(isServerless((await parseJsonOrYaml(text)) as JsonObject)).toBe(false);
});

const eventsOf = async (text: string, env: Record<string, string> = {}) =>
  await serverlessEvents((await parseJsonOrYaml(text)) as JsonObject, {
    env,
    ...place,
    read: () => Promise.reject(new Error('no file')),
  });

test('the streams and queues that functions get', async () => {
  const text = `
service: shop
provider: { name: aws }
functions:
  main:
    handler: a.b
    events:
      - sqs: { arn: !GetAtt Orders.Arn, batchSize: 5 }
      - sqs: arn:aws:sqs:ap-northeast-1:101010101010:plain
      - sqs: { arn: "arn:aws:sqs:ap-northeast-1:101010101010:off", enabled: false }
      - sqs: { arn: !ImportValue other-stack }
      - http: GET /
      - stream: { type: dynamodb, arn: "\${env:STREAM}", filterPatterns: [{ eventName: [INSERT] }] }
      - stream: { type: dynamodb, arn: "\${env:UNKNOWN}" }
      - stream: arn:aws:kinesis:ap-northeast-1:101010101010:stream/x
resources: { Resources: { Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders } } } }
`;
  const functionName = 'shop-dev-main';
  expect(await eventsOf(text, { STREAM: 'arn:aws:dynamodb:ddblocal:0:table/local-shop-a/stream/1' })).toEqual(
    [
      { kind: 'queue', name: 'orders', functionName, batchSize: 5 },
      { kind: 'queue', name: 'plain', functionName },
      { kind: 'stream', name: 'local-shop-a', functionName, filters: [{ eventName: ['INSERT'] }] },
    ],
  );
});

material.test('the framework’s own: four queues, and not the one of alarms', async () => {
  const events = await eventsOf(material.text('framework-run/template/infra-local/serverless.yml'));
  expect(events.map(({ name }) => name)).toEqual([
    'task-action-queue',
    'sub-task-status-queue',
    'notification-queue',
    'import-action-queue',
  ]);
});
