// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its names so
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Json, JsonObject } from '../../src/json/json.js';
import { finished, resolveTemplate, type TemplateMachine } from '../../src/template/machines.js';
import { parseJsonOrYaml } from '../../src/template/parse.js';
import { createResolver } from '../../src/template/resolver.js';
import { synthesise } from './cdk.js';

const parseTemplate = async (text: string): Promise<JsonObject> =>
  (await parseJsonOrYaml(text)) as JsonObject;

const place = {
  partition: 'aws',
  region: 'ap-northeast-1',
  account: '101010101010',
  stackName: 'stack',
};

function resolved(value: Json, template: JsonObject = {}, more = {}): Json | undefined {
  return createResolver({ Resources: {}, ...template }, { ...place, ...more }).resolve(value);
}

const textOf = (machine?: TemplateMachine): string =>
  machine && 'text' in machine.definition ? machine.definition.text : '';
const filesOf = (machine?: TemplateMachine): string[] =>
  machine && 'files' in machine.definition ? machine.definition.files : [];

test('the state machines of a synthesised CDK app', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-cdk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const template = await parseTemplate(readFileSync(synthesise(folder), 'utf8'));
  const { machines, functions } = resolveTemplate(template, place);
  const [approve, notify, fromFile] = machines;
  expect(Object.values(functions)).toEqual(['dev-approval', expect.stringMatching(/^Other[0-9A-F]{8}$/)]);
  expect(machines.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'dev-approve STANDARD',
    expect.stringMatching(/^Notify[0-9A-F]{8} EXPRESS$/),
    expect.stringMatching(/^FromFile[0-9A-F]{8} STANDARD$/),
  ]);
  const definition = JSON.parse(textOf(approve));
  expect(definition.States.ask).toMatchObject({
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'arn:aws:lambda:ap-northeast-1:101010101010:function:dev-approval' },
  });
  expect(approve?.loggingConfiguration).toEqual({
    level: 'ALL',
    includeExecutionData: true,
    destinations: [
      {
        cloudWatchLogsLogGroup: {
          logGroupArn:
            'arn:aws:logs:ap-northeast-1:101010101010:log-group:/aws/vendedlogs/states/dev-approve:*',
        },
      },
    ],
  });
  expect(textOf(notify)).toMatch(/"https:\/\/sqs\.ap-northeast-1\.amazonaws\.com\/101010101010\/Requests/);
  const [, asset = ''] = filesOf(fromFile);
  if (!fromFile) throw new Error('no machine from a file');
  const text = await finished(fromFile, readFileSync(join(folder, asset), 'utf8'));
  expect(JSON.parse(text).States.A.Result).toBe('wait 1');
  expect(machines.flatMap(({ unresolved }) => unresolved)).toEqual([]);
});

test('a SAM template in YAML, its definition inline, in a file, or in YAML', async () => {
  const template = await parseTemplate(`
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: dev }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Check:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: !Sub '\${Stage}-check' }
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: !Join ['-', [!Ref Stage, flow]]
      Type: !If [IsProd, STANDARD, EXPRESS]
      Definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: \${CheckArn}
            TimeoutSeconds: 3
            End: true
      DefinitionSubstitutions: { CheckArn: !GetAtt Check.Arn }
      Logging:
        Level: ERROR
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: !GetAtt Group.Arn } }]
  Filed:
    Type: AWS::Serverless::StateMachine
    Properties: { DefinitionUri: flows/filed.asl.yaml, DefinitionSubstitutions: { Next: B } }
  Never:
    Type: AWS::StepFunctions::StateMachine
    Condition: IsProd
    Properties: { DefinitionString: '{}' }
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: flow-logs } }
`);
  const { machines, functions } = resolveTemplate(template, place);
  expect(functions).toEqual({ Check: 'dev-check' });
  expect(machines.map(({ logicalId }) => logicalId)).toEqual(['Flow', 'Filed']);
  const [flow, filed] = machines;
  expect(flow).toMatchObject({ name: 'dev-flow', type: 'EXPRESS' });
  expect(flow?.loggingConfiguration).toMatchObject({ level: 'ERROR' });
  const { States } = JSON.parse(textOf(flow));
  expect(States.A).toEqual({
    Type: 'Task',
    Resource: 'arn:aws:lambda:ap-northeast-1:101010101010:function:dev-check',
    TimeoutSeconds: 3,
    End: true,
  });
  expect(filed).toMatchObject({
    name: 'Filed',
    definition: { files: ['flows/filed.asl.yaml', expect.any(String)] },
  });
  if (!filed) throw new Error('no machine from a file');
  const text = await finished(
    filed,
    "StartAt: A\nStates:\n  A: { Type: Pass, Next: '${Next}' }\n  B: { Type: Succeed }\n",
  );
  expect(JSON.parse(text).States.A.Next).toBe('B');
});

test.each<[string, Json, Json | undefined]>([
  [
    'Sub with a literal',
    { 'Fn::Sub': '${!Kept} ${AWS::Region} ${Nobody}' },
    '${Kept} ap-northeast-1 ${Nobody}',
  ],
  [
    'Sub with values',
    { 'Fn::Sub': ['${A}-${Table}-${Table.Arn}', { A: 1 }] },
    '1-t-arn:aws:dynamodb:ap-northeast-1:101010101010:table/t',
  ],
  ['Join of a list parameter', { 'Fn::Join': ['+', { Ref: 'List' }] }, 'a+b'],
  ['Split and Select', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y/z'] }] }, 'y'],
  ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 5],
  ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'mars', 'small', { DefaultValue: 7 }] }, 7],
  ['a nested condition', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
  ['NoValue in a list', ['a', { Ref: 'AWS::NoValue' }, 'b'], ['a', 'b']],
  ['NoValue in an object', { a: { 'Fn::If': ['Both', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, { b: 2 }],
  ['an import', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::StackName}-bus' } }, 'the-bus'],
  ['a queue', { Ref: 'Queue' }, 'https://sqs.ap-northeast-1.amazonaws.com/101010101010/q.fifo'],
  ['a topic', { Ref: 'Topic' }, 'arn:aws:sns:ap-northeast-1:101010101010:Topic'],
  ['a bucket', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::Bucket'],
  ['a role', { 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::101010101010:role/Role'],
  ['an alias', { Ref: 'Alias' }, 'arn:aws:lambda:ap-northeast-1:101010101010:function:fn:live'],
  ['a name that leads back to itself', { Ref: 'Loop' }, 'Loop'],
])('%s', (_what, value, expected) => {
  const template: JsonObject = {
    Parameters: {
      List: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Stage: { Type: 'String', Default: 'x' },
    },
    Mappings: { Sizes: { 'ap-northeast-1': { small: 5 } } },
    Conditions: {
      One: { 'Fn::Equals': [{ Ref: 'Stage' }, 'x'] },
      Two: { 'Fn::Not': [{ Condition: 'One' }] },
      Both: { 'Fn::And': [{ Condition: 'One' }, { Condition: 'Two' }] },
    },
    Resources: {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 't' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q.fifo' } },
      Topic: { Type: 'AWS::SNS::Topic' },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Role: { Type: 'AWS::IAM::Role' },
      Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn' } },
      Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
      Loop: { Type: 'AWS::SQS::Cluster', Properties: { ClusterName: { Ref: 'Loop' } } },
    },
  };
  expect(resolved(value, template, { exports: { 'stack-bus': 'the-bus' } })).toEqual(expected);
});

test('what only AWS knows stands under its own name, and is told', () => {
  const resolver = createResolver(
    { Parameters: { Key: { Type: 'String' } }, Resources: { Api: { Type: 'AWS::ApiGateway::RestApi' } } },
    place,
  );
  expect(
    resolver.resolve({
      'Fn::Join': ['', [{ Ref: 'Key' }, ' ', { 'Fn::GetAtt': ['Api', 'RootResourceId'] }]],
    }),
  ).toBe('Key Api.RootResourceId');
  expect([...resolver.unresolved]).toEqual(['Key', 'Api.RootResourceId']);
});
