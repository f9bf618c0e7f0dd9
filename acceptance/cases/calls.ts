import type { Json } from '../../src/json/json.js';
import { type CallCase, jsonata, machine, single } from './case.js';

const pass = single({ Type: 'Pass', Result: 1 });
const text = (definition: Json): string => JSON.stringify(definition);

const testState = (
  id: string,
  definition: Json,
  input: Json = {},
  more: { [field: string]: Json } = {},
): CallCase => ({
  id: `test-state-${id}`,
  calls: [
    {
      operation: 'TestState',
      input: {
        definition: text(definition),
        roleArn: '{role}',
        input: text(input),
        inspectionLevel: 'DEBUG',
        ...more,
      },
    },
  ],
});

const validate = (id: string, definition: Json | string, type = 'STANDARD'): CallCase => ({
  id: `validate-${id}`,
  calls: [
    {
      operation: 'ValidateStateMachineDefinition',
      input: { definition: typeof definition === 'string' ? definition : text(definition), type },
    },
  ],
});

const NONE = 'arn:aws:states:{region}:{account}';
const call = (operation: string, input: Json) => ({ operation, input });

/** Calls and their answers: TestState, validation, the rest of the API, and its errors. */
export const calls: CallCase[] = [
  testState('pass', { Type: 'Pass', Parameters: { 'a.$': '$.n' }, ResultPath: '$.r', Next: 'X' }, { n: 1 }),
  testState(
    'choice',
    { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'Big' }], Default: 'Small' },
    { n: 2 },
  ),
  testState('fail', { Type: 'Fail', Error: 'E', Cause: 'c' }),
  testState(
    'jsonata',
    { Type: 'Pass', ...jsonata, Output: '{% $states.input.n * 2 %}', End: true },
    { n: 21 },
  ),
  testState('jsonata-fails', { Type: 'Pass', ...jsonata, Output: '{% $states.input.none %}', End: true }),
  testState('path-fails', { Type: 'Pass', InputPath: '$.none', End: true }),
  testState('invalid', { Type: 'Pass', Bogus: 1, End: true }),
  testState(
    'mocked',
    {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'anything', Payload: {} },
      OutputPath: '$.Payload',
      End: true,
    },
    {},
    { mock: { result: '{"Payload":{"n":1},"StatusCode":200}' } },
  ),
  validate('good', pass),
  validate('no-such-state', machine({ A: { Type: 'Pass', Next: 'B' } })),
  validate('unreachable', machine({ A: { Type: 'Pass', End: true }, B: { Type: 'Pass', End: true } })),
  validate('fields', machine({ A: { Type: 'Wait', Seconds: -1, Bogus: true, End: true } })),
  validate('path', single({ Type: 'Pass', InputPath: '$.[', Parameters: { 'a.$': 'States.Nothing()' } })),
  validate('jsonata', single({ Type: 'Pass', Output: '{% $states.input. %}' }, jsonata)),
  validate(
    'express-pattern',
    single({
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
    }),
    'EXPRESS',
  ),
  validate('no-json', '{"StartAt": '),
  {
    id: 'api',
    machine: pass,
    calls: [
      call('DescribeStateMachine', { stateMachineArn: '{machine}' }),
      call('ListTagsForResource', { resourceArn: '{machine}' }),
      call('ListExecutions', { stateMachineArn: '{machine}', statusFilter: 'SUCCEEDED' }),
      call('DescribeStateMachineForExecution', { executionArn: '{execution}' }),
      call('StartExecution', { stateMachineArn: '{machine}', name: 'first', input: '{}' }),
      call('StartExecution', { stateMachineArn: '{machine}', name: 'first', input: '{"other":1}' }),
      call('StopExecution', { executionArn: '{execution}' }),
      call('RedriveExecution', { executionArn: '{execution}' }),
      call('PublishStateMachineVersion', { stateMachineArn: '{machine}', description: 'one' }),
      call('PublishStateMachineVersion', { stateMachineArn: '{machine}', description: 'one' }),
      call('ListStateMachineVersions', { stateMachineArn: '{machine}' }),
      call('CreateStateMachineAlias', {
        name: 'live',
        routingConfiguration: [{ stateMachineVersionArn: '{machine}:1', weight: 100 }],
      }),
      call('DescribeStateMachineAlias', { stateMachineAliasArn: '{machine}:live' }),
      call('DeleteStateMachineVersion', { stateMachineVersionArn: '{machine}:1' }),
      call('ListMapRuns', { executionArn: '{execution}' }),
    ],
  },
  {
    id: 'api-errors',
    machine: pass,
    calls: [
      call('StartExecution', { stateMachineArn: '{machine}', name: 'a name with blanks', input: '{}' }),
      call('StartExecution', { stateMachineArn: '{machine}', input: '{bad' }),
      call('StartExecution', { stateMachineArn: `${NONE}:stateMachine:{name}-none`, input: '{}' }),
      call('StartExecution', { stateMachineArn: 'no-arn' }),
      call('StartSyncExecution', { stateMachineArn: '{machine}' }),
      call('DescribeExecution', { executionArn: `${NONE}:execution:{name}-none:x` }),
      call('DescribeExecution', { executionArn: 'no-arn' }),
      call('GetExecutionHistory', { executionArn: '{execution}', maxResults: 1001 }),
      call('GetExecutionHistory', { executionArn: `${NONE}:execution:{name}-none:x` }),
      call('ListExecutions', { stateMachineArn: '{machine}', nextToken: 'no token' }),
      call('DescribeStateMachine', { stateMachineArn: `${NONE}:stateMachine:{name}-none` }),
      call('CreateStateMachine', { name: '{name}-bad', definition: '{"StartAt":"A"}', roleArn: '{role}' }),
      call('CreateStateMachine', { name: '{name}-bad name', definition: text(pass), roleArn: '{role}' }),
      call('CreateStateMachine', { name: '{name}-bad', definition: text(pass), roleArn: 'no-arn' }),
      call('UpdateStateMachine', { stateMachineArn: '{machine}' }),
      call('SendTaskSuccess', { taskToken: 'no token', output: '{}' }),
      call('SendTaskFailure', { taskToken: 'no token' }),
      call('SendTaskHeartbeat', { taskToken: 'no token' }),
      call('DescribeActivity', { activityArn: `${NONE}:activity:{name}-none` }),
      call('GetActivityTask', { activityArn: `${NONE}:activity:{name}-none` }),
      call('DescribeMapRun', {
        mapRunArn: `${NONE}:mapRun:{name}-none/x:00000000-0000-4000-8000-000000000000`,
      }),
      call('DescribeStateMachineAlias', { stateMachineAliasArn: '{machine}:none' }),
      call('TagResource', {
        resourceArn: `${NONE}:stateMachine:{name}-none`,
        tags: [{ key: 'a', value: 'b' }],
      }),
      call('ValidateStateMachineDefinition', { definition: '{}', maxResults: 101 }),
    ],
  },
  {
    id: 'activity',
    calls: [
      call('CreateActivity', { name: '{name}-activity' }),
      call('DescribeActivity', { activityArn: `${NONE}:activity:{name}-activity` }),
      call('ListTagsForResource', { resourceArn: `${NONE}:activity:{name}-activity` }),
      call('DeleteActivity', { activityArn: `${NONE}:activity:{name}-activity` }),
    ],
  },
];
