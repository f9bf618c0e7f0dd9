import { expect, test } from 'vitest';
import { decodeFailure } from '../../../src/workflow/failure/cause.js';

const json = (value: unknown) => JSON.stringify(value);

test("Lambda's JSON: message, type, the app's own frame, request id", () => {
  const cause = json({
    errorType: 'ValidationError',
    errorMessage: '商品コードがありません',
    requestId: '8a1b',
    trace: [
      'ValidationError: 商品コードがありません',
      '    at Object.check (/var/task/node_modules/zod/index.js:10:9)',
      '    at ProductImport.validate (/var/task/dist/product/import.js:42:13)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ],
  });
  expect(decodeFailure('ValidationError', cause)).toEqual({
    message: '商品コードがありません',
    type: 'ValidationError',
    frame: 'ProductImport.validate (/var/task/dist/product/import.js:42:13)',
    requestId: '8a1b',
    service: 'Lambda',
  });
});

test('an unhandled rejection gives its original error', () => {
  const cause = json({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'TypeError: x is not a function',
    trace: [
      'Runtime.UnhandledPromiseRejection: TypeError: x is not a function',
      '    at process.<anonymous> (file:///var/runtime/index.mjs:1276:17)',
      '    at process.emit (node:events:518:28)',
    ],
  });
  expect(decodeFailure('Runtime.UnhandledPromiseRejection', cause)).toEqual({
    message: 'x is not a function',
    type: 'TypeError',
    service: 'Lambda',
  });
});

test('JSON in JSON', () => {
  const inner = json({ message: 'No import strategy found for table: nope', statusCode: 500 });
  const cause = json({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: `Error: ${inner}` });
  expect(decodeFailure('x', cause)).toMatchObject({
    message: 'No import strategy found for table: nope',
    type: 'Error',
  });
});

test("a nested execution's failure leads to its root", () => {
  const cause = json({
    Error: 'Boom',
    Cause: json({ errorType: 'Boom', errorMessage: 'deep down' }),
    ExecutionArn: 'arn:aws:states:ap-northeast-1:1:execution:child:x',
    Status: 'FAILED',
  });
  expect(decodeFailure('States.TaskFailed', cause)).toMatchObject({
    message: 'deep down',
    type: 'Boom',
    executionArn: 'arn:aws:states:ap-northeast-1:1:execution:child:x',
  });
});

test.each<[string, string | undefined, string | undefined, object]>([
  ['nothing at all', undefined, undefined, { message: 'No error and no cause were recorded.' }],
  ['an error alone', 'Rejected', undefined, { message: 'Rejected', type: 'Rejected' }],
  ['a timeout', 'States.Timeout', undefined, { message: 'It took longer than its timeout allows.' }],
  ['plain text', 'E', 'it broke: badly', { message: 'it broke: badly', type: 'E' }],
  [
    'a runtime error of the state machine',
    'States.Runtime',
    "An error occurred while executing the state 'X' (entered at the event id #2). Invalid path '$.a'",
    { message: "Invalid path '$.a'" },
  ],
  [
    'out of memory',
    'Lambda.Unknown',
    'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Error: Runtime exited with error: signal: killed"}',
    {
      message: 'Runtime exited with error: signal: killed',
      requestId: '0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10',
    },
  ],
  [
    "a Lambda's timeout",
    'Sandbox.Timedout',
    json({
      errorType: 'Sandbox.Timedout',
      errorMessage:
        'RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Error: Task timed out after 3.00 seconds',
    }),
    { message: 'Task timed out after 3.00 seconds', type: 'Sandbox.Timedout' },
  ],
  [
    'a missing function',
    'Lambda.ResourceNotFoundException',
    'Function not found: arn:x:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: abc-1; Proxy: null)',
    { message: 'Function not found: arn:x:$LATEST', requestId: 'abc-1', type: 'ResourceNotFoundException' },
  ],
  [
    'an AWS SDK integration',
    'S3.NoSuchKeyException',
    'The specified key does not exist. (Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: e=) (SDK Attempt Count: 1)',
    { message: 'The specified key does not exist.', requestId: 'R1', type: 'S3.NoSuchKeyException' },
  ],
  [
    'an AWS SDK integration without a message',
    'S3.NoSuchBucketException',
    '(Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: e=) (SDK Attempt Count: 1) (Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: e=)',
    { message: 'S3 answered 404 without a message', requestId: 'R1', type: 'S3.NoSuchBucketException' },
  ],
  [
    'EventBridge entries',
    'EventBridge.FailedEntry',
    json({
      Entries: [{ EventId: '1' }, { ErrorCode: 'NotAuthorized', ErrorMessage: 'no permission' }],
      FailedEntryCount: 1,
    }),
    { message: 'no permission', type: 'NotAuthorized' },
  ],
  [
    'a container',
    'States.TaskFailed',
    json({ Containers: [{ Name: 'a', Reason: 'OutOfMemoryError' }] }),
    { message: 'OutOfMemoryError' },
  ],
  [
    'a rejection',
    'Rejected',
    json({ reason: 'budget', by: 'suzuki', at: '2026' }),
    { message: 'budget', type: 'Rejected' },
  ],
  ['JSON that AWS cut', 'Error', '{"errorMessage":"too \\"long\\" to', { message: 'too "long" to' }],
  [
    "a container's own end",
    'States.TaskFailed',
    json({
      Containers: [
        { Name: 'side', ExitCode: 0 },
        { Name: 'app', ExitCode: 137, Reason: 'OutOfMemoryError: Container killed' },
      ],
      StoppedReason: 'Essential container in task exited',
    }),
    { message: 'Essential container in task exited (app: OutOfMemoryError: Container killed)' },
  ],
  [
    'a message deep inside',
    'States.TaskFailed',
    json({ QueryExecution: { Status: { State: 'FAILED', StateChangeReason: 'SYNTAX_ERROR' } } }),
    { message: 'SYNTAX_ERROR' },
  ],
  [
    "a validation's list",
    'BadRequest',
    json({ statusCode: 400, message: ['code is empty', 'name is long'], error: 'Bad Request' }),
    { message: 'code is empty; name is long' },
  ],
  [
    "Java's inner exception",
    'java.lang.RuntimeException',
    json({
      errorType: 'X',
      errorMessage: 'boom',
      cause: { errorType: 'SQLException', errorMessage: 'no table' },
    }),
    { message: 'boom (SQLException: no table)' },
  ],
  [
    "Python's KeyError",
    'KeyError',
    json({ errorType: 'KeyError', errorMessage: "'id'" }),
    { message: "KeyError: 'id'" },
  ],
  ['JSON without a message', 'E', '{"a":1}', { message: '{"a":1}' }],
])('%s', (_, error, cause, expected) => expect(decodeFailure(error, cause)).toMatchObject(expected));

test('Python and Java frames', () => {
  const python = [
    '  File "/var/task/app.py", line 2, in handler\n    run()\n',
    '  File "/var/task/lib/run.py", line 9, in run\n    raise X\n',
    '  File "/opt/python/boto3/x.py", line 1, in y\n',
  ];
  expect(decodeFailure('X', json({ errorMessage: 'm', stackTrace: python })).frame).toBe(
    'run (/var/task/lib/run.py:9)',
  );
  expect(
    decodeFailure('X', json({ errorMessage: 'm', stackTrace: [['/var/task/app.py', 3, 'handler', 'x']] }))
      .frame,
  ).toBe('handler (/var/task/app.py:3)');
  const java = ['java.util.List.get(List.java:1)', 'com.acme.Handler.run(Handler.java:12)'];
  expect(decodeFailure('X', json({ errorMessage: 'm', stackTrace: java })).frame).toBe(
    'com.acme.Handler.run(Handler.java:12)',
  );
});
