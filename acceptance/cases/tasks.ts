import { type ExecutionCase, invoke, jsonata, machine, single } from './case.js';

const attempt = (until: number) => ({ 'attempt.$': '$$.State.RetryCount', until });
const caught = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.caught', Next: 'After' }];
const after = { Type: 'Pass', End: true };
const retry = { IntervalSeconds: 1, BackoffRate: 1 };

const each = (more: object = {}) =>
  machine(
    { Each: { Type: 'Pass', End: true } },
    { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...more },
  );

/** Functions, objects, executions of executions, and Distributed Maps. */
export const tasks: ExecutionCase[] = [
  {
    id: 'function',
    definition: single({
      ...invoke('id_function', { 'all.$': '$', number: 1.5 }),
      ResultSelector: { 'payload.$': '$.Payload', 'status.$': '$.StatusCode' },
    }),
    input: '{"zero": 0.0, "text": "日本"}',
  },
  {
    id: 'function-by-arn',
    definition: single({ Type: 'Task', Resource: '{function:id_function}', ResultPath: '$.result' }),
    input: '{"n":1}',
  },
  { id: 'function-raises', definition: single(invoke('raise_exception', {})) },
  {
    id: 'function-raises-by-arn',
    definition: single({ Type: 'Task', Resource: '{function:raise_custom_exception}' }),
  },
  {
    id: 'function-raises-and-is-caught',
    definition: machine({
      Try: invoke(
        'raise_custom_exception',
        {},
        {
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Wrong' },
            { ErrorEquals: ['CustomException'], ResultPath: '$.caught', Next: 'After' },
          ],
          End: true,
        },
      ),
      After: after,
      Wrong: { Type: 'Fail' },
    }),
    input: '{"kept":true}',
  },
  {
    id: 'retried-until-it-succeeds',
    definition: single({
      ...invoke('fail_at_first', attempt(2)),
      OutputPath: '$.Payload',
      Retry: [{ ErrorEquals: ['NotYet'], MaxAttempts: 3, ...retry }],
    }),
  },
  {
    id: 'retried-in-vain',
    definition: machine({
      Try: invoke('fail_at_first', attempt(9), {
        Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, ...retry }],
        Catch: caught,
        End: true,
      }),
      After: after,
    }),
  },
  {
    id: 'task-times-out',
    definition: machine({
      Slow: invoke('slow_function', { seconds: 5 }, { TimeoutSeconds: 1, Catch: caught, End: true }),
      After: after,
    }),
  },
  {
    id: 'output-too-large',
    definition: single({ Type: 'Task', Resource: '{function:large_output_string}' }),
  },
  {
    id: 'function-that-is-not-there',
    definition: single(invoke('no_such_function', {})),
  },
  {
    id: 'jsonata-task',
    definition: machine(
      {
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: '{function:id_function}', Payload: { n: '{% $states.input.n + 1 %}' } },
          Output: '{% $states.result.Payload %}',
          Assign: { n: '{% $states.result.Payload.n %}' },
          Next: 'Bad',
        },
        Bad: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: '{function:raise_exception}', Payload: {} },
          Catch: [
            {
              ErrorEquals: ['States.ALL'],
              Output: '{% {"error": $states.errorOutput.Error, "n": $n} %}',
              Next: 'After',
            },
          ],
          End: true,
        },
        After: after,
      },
      jsonata,
    ),
    input: '{"n":1}',
  },
  {
    id: 'parallel-functions',
    definition: single({
      Type: 'Parallel',
      Branches: [
        machine({ A: invoke('id_function', { n: 1 }, { OutputPath: '$.Payload', End: true }) }),
        machine({ B: invoke('id_function', { n: 2 }, { OutputPath: '$.Payload', End: true }) }),
      ],
    }),
    transitions: 6,
  },
  {
    id: 'object',
    definition: single({
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
      Parameters: { Bucket: '{bucket}', Key: 'rows.csv' },
      ResultSelector: { 'body.$': '$.Body', 'length.$': '$.ContentLength' },
    }),
  },
  {
    id: 'object-that-is-not-there',
    definition: machine({
      Get: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
        Parameters: { Bucket: '{bucket}', Key: 'none' },
        Catch: [{ ErrorEquals: ['S3.NoSuchKeyException'], Next: 'After' }],
        End: true,
      },
      After: { Type: 'Pass', Parameters: { 'error.$': '$.Error' }, End: true },
    }),
  },
  {
    id: 'execution-of-an-execution',
    definition: single({
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: '{child}', Input: { n: 2 } },
      ResultSelector: { 'output.$': '$.Output', 'status.$': '$.Status' },
    }),
    transitions: 5,
  },
  {
    id: 'distributed-items',
    definition: single({
      Type: 'Map',
      Label: 'Items',
      MaxConcurrency: 2,
      ItemProcessor: each(),
    }),
    input: '[1,{"two":2},"three"]',
    transitions: 12,
  },
  {
    id: 'distributed-csv',
    definition: single({
      Type: 'Map',
      Label: 'Rows',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
        Parameters: { Bucket: '{bucket}', Key: 'rows.csv' },
      },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'x.$': '$.x' } },
      ItemProcessor: each(),
    }),
    input: '{"x":"y"}',
    transitions: 12,
  },
  {
    id: 'distributed-json',
    definition: single({
      Type: 'Map',
      Label: 'Json',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON', MaxItems: 2 },
        Parameters: { Bucket: '{bucket}', Key: 'items.json' },
      },
      ItemProcessor: each(),
    }),
    transitions: 10,
  },
  {
    id: 'distributed-result-writer',
    definition: single({
      Type: 'Map',
      Label: 'Written',
      ItemProcessor: each(),
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: '{bucket}', Prefix: 'results' },
      },
    }),
    input: '[1,2]',
    transitions: 10,
  },
  {
    id: 'distributed-fails-above-threshold',
    definition: single({
      Type: 'Map',
      Label: 'Failing',
      MaxConcurrency: 1,
      ToleratedFailureCount: 1,
      ItemProcessor: machine(
        { Bad: { Type: 'Fail', Error: 'Bad', Cause: 'row' } },
        { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      ),
    }),
    input: '[1,2,3]',
    transitions: 12,
  },
  {
    id: 'distributed-reader-fails',
    definition: single({
      Type: 'Map',
      Label: 'None',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
        Parameters: { Bucket: '{bucket}', Key: 'none.csv' },
      },
      ItemProcessor: each(),
    }),
  },
];
