import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { simulate } from '../simulate.js';

const MACHINE = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:m';
const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Mended' }];
const service = (resource: string, more: JsonObject): object => ({
  StartAt: 'S',
  States: {
    S: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Catch, ...more, End: true },
    Mended: { Type: 'Succeed' },
  },
});
const never = () => {
  throw new Error('was called');
};

/** How the execution ended, and what came before that. */
function ended(definition: object, input: JsonObject = {}) {
  const { events } = simulate(definition, input, never);
  const details = events.at(-1)?.executionFailedEventDetails as
    | { error?: string; cause?: string }
    | undefined;
  return { types: events.map(({ type }) => type), ...details };
}

describe('a call that cannot be made is not scheduled, and no Catch takes it', () => {
  const missing = (name: string) => `The field '${name}' is required but was missing`;
  const unknown = (name: string) => `The field "${name}" is not supported by Step Functions`;
  test.each([
    ['lambda:invoke', { Payload: 1 }, missing('FunctionName')],
    ['lambda:invoke', { FunctionName: 5 }, "The value of the field 'FunctionName' has an invalid format"],
    ['lambda:invoke.waitForTaskToken', { FunctionName: 'f', TaskToken: 't' }, unknown('TaskToken')],
    ['lambda:invoke', { Body: 1 }, `${unknown('Body')}, ${missing('FunctionName')}`],
    ['states:startExecution.sync:2', { Input: {} }, missing('StateMachineArn')],
    ['states:startExecution', { StateMachineArn: MACHINE, Foo: 1 }, unknown('Foo')],
    ['aws-sdk:s3:getObject', { bucket: 'b', Key: 'k' }, unknown('bucket')],
  ])('%s %o', (resource, sent, problems) => {
    for (const [field, language] of [
      ['Parameters', 'JSONPath'],
      ['Arguments', 'JSONata'],
    ] as const) {
      const more = { [field]: sent, QueryLanguage: language };
      expect(ended(service(resource, more))).toEqual({
        types: ['ExecutionStarted', 'TaskStateEntered', 'ExecutionFailed'],
        error: 'States.Runtime',
        cause: `An error occurred while executing the state 'S' (entered at the event id #2). The ${field} '${JSON.stringify(sent)}' could not be used to start the Task: [${problems}]`,
      });
    }
  });

  test('without Parameters the input is what is sent', () => {
    const { cause } = ended(service('lambda:invoke', {}), { a: 1 });
    expect(cause).toContain(
      `The Parameters '{"a":1}' could not be used to start the Task: [${unknown('a')}, ${missing('FunctionName')}]`,
    );
    const { execution } = simulate(service('lambda:invoke', {}), { FunctionName: 'f', Payload: 1 }, (call) =>
      call.type === 'InvokeTask' ? [{ type: 'TaskSucceeded', taskId: call.taskId, output: '2' }] : [],
    );
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  });
});

test.each([
  ['TimeoutSeconds', 0],
  ['HeartbeatSeconds', -1],
])('a %s of %i that a path refers to fails the execution, and is no timeout', (field, value) => {
  const more = { Parameters: { FunctionName: 'f' }, [`${field}Path`]: '$.n' };
  expect(ended(service('lambda:invoke', more), { n: value })).toMatchObject({
    error: 'States.Runtime',
    cause: expect.stringContaining(
      `The ${field}Path parameter must reference a positive value: $.n == ${value}`,
    ),
  });
});
