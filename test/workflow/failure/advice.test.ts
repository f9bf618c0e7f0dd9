import { expect, test } from 'vitest';
import { adviseOn } from '../../../src/workflow/failure/advice.js';
import { decodeFailure } from '../../../src/workflow/failure/cause.js';

const lambda = (errorType: string, errorMessage: string, more: object = {}) =>
  JSON.stringify({ errorType, errorMessage, requestId: 'abc-1', trace: [], ...more });
const inState = (cause: string) =>
  `An error occurred while executing the state 'S' (entered at the event id #2). ${cause}`;
const child = (error: string, cause: string) =>
  JSON.stringify({
    Error: error,
    Cause: cause,
    ExecutionArn: 'arn:aws:states:r:1:execution:child:x',
    Status: 'FAILED',
  });

/** Failures as AWS records them; the one line that tells the cause, and the command that leads on. */
test.each<[error: string | undefined, cause: string | undefined, line: string, command: RegExp]>([
  [
    'Runtime.ImportModuleError',
    lambda('Runtime.ImportModuleError', "Error: Cannot find module './dist/main.handler' (from /app)"),
    "Error: Cannot find module './dist/main.handler' (from /app)",
    /^redrive --plan/,
  ],
  [
    'Runtime.UnhandledPromiseRejection',
    lambda('Runtime.UnhandledPromiseRejection', 'Error: 版が古い'),
    '版が古い',
    /^logs --filter abc-1/,
  ],
  [
    'Runtime.UnhandledPromiseRejection',
    lambda(
      'Runtime.UnhandledPromiseRejection',
      "TypeError: Cannot read properties of undefined (reading 'includes')",
    ),
    "Cannot read properties of undefined (reading 'includes')",
    /^logs/,
  ],
  [
    'Runtime.UnhandledPromiseRejection',
    lambda('Runtime.UnhandledPromiseRejection', '[object Object]', {
      reason: { errorType: 'AxiosError', errorMessage: 'timeout of 1000ms exceeded' },
    }),
    'timeout of 1000ms exceeded',
    /^logs/,
  ],
  ['ValidationError', lambda('ValidationError', 'code is empty'), 'code is empty', /^logs --filter abc-1/],
  ['Error', lambda('Error', JSON.stringify({ statusCode: 500, message: 'inner' })), 'inner', /^logs/],
  [
    'Lambda.Unknown',
    'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"2026-01-31T00:00:00.000Z 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Task timed out after 30.03 seconds"}',
    'Task timed out after 30.03 seconds',
    /^logs --filter 0b0f2c8e/,
  ],
  [
    'Sandbox.Timedout',
    lambda(
      'Sandbox.Timedout',
      'RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Error: Task timed out after 3.00 seconds',
    ),
    'Task timed out after 3.00 seconds',
    /^logs/,
  ],
  [
    'Runtime.ExitError',
    lambda(
      'Runtime.ExitError',
      'RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Error: Runtime exited with error: signal: killed',
    ),
    'Runtime exited with error: signal: killed',
    /^logs/,
  ],
  [
    'Runtime.OutOfMemory',
    lambda(
      'Runtime.OutOfMemory',
      'RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Error: Runtime exited with error: signal: killed',
    ),
    'Runtime exited with error: signal: killed',
    /^logs/,
  ],
  [
    'Runtime.ImportModuleError',
    lambda(
      'Runtime.ImportModuleError',
      "Error: Cannot find module 'main'\nRequire stack:\n- /var/runtime/index.mjs",
    ),
    "Error: Cannot find module 'main'",
    /^logs/,
  ],
  [
    'Lambda.TooManyRequestsException',
    'Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: r; Proxy: null)',
    'Rate Exceeded.',
    /^redrive --plan/,
  ],
  [
    'Lambda.ServiceException',
    'An error occurred and the request cannot be processed. (Service: AWSLambda; Status Code: 500; Error Code: ServiceException; Request ID: r; Proxy: null)',
    'An error occurred and the request cannot be processed.',
    /^redrive/,
  ],
  [
    'Lambda.ResourceNotFoundException',
    'Function not found: arn:x:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: r; Proxy: null)',
    'Function not found: arn:x:$LATEST',
    /^history --state S/,
  ],
  [
    'Lambda.AWSLambdaException',
    'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: lambda:InvokeFunction on resource: y (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: r; Proxy: null)',
    'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: lambda:InvokeFunction on resource: y',
    /^doctor/,
  ],
  [
    'DynamoDb.ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. (Service: DynamoDb, Status Code: 400, Request ID: R)',
    'The level of configured provisioned throughput for the table was exceeded.',
    /^redrive/,
  ],
  [
    'DynamoDb.ConditionalCheckFailedException',
    'The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: R)',
    'The conditional request failed',
    /^logs|^history/,
  ],
  [
    'S3.NoSuchKeyException',
    'The specified key does not exist. (Service: S3, Status Code: 404, Request ID: R, Extended Request ID: e=)',
    'The specified key does not exist.',
    /./,
  ],
  [
    'S3.S3Exception',
    'Access Denied (Service: S3, Status Code: 403, Request ID: R) (SDK Attempt Count: 1)',
    'Access Denied',
    /./,
  ],
  ['States.Timeout', undefined, 'It took longer than its timeout allows.', /^history --state S/],
  ['States.HeartbeatTimeout', undefined, 'No heartbeat came within the time allowed.', /^history/],
  [
    'States.DataLimitExceeded',
    "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    /^history --state S/,
  ],
  [
    'States.Runtime',
    inState("The JSONPath '$.x' specified for the field 'value.$' could not be found in the input '{}'"),
    "The JSONPath '$.x' specified for the field 'value.$' could not be found in the input '{}'",
    /^history --state S/,
  ],
  [
    'States.Runtime',
    inState("Invalid path '$.Payload[0][0]' : No results for path: $['Payload'][0][0]"),
    "Invalid path '$.Payload[0][0]' : No results for path: $['Payload'][0][0]",
    /^history --state S/,
  ],
  [
    'States.Runtime',
    inState('Failed to transition out of the state. The state does not point to a next state.'),
    'Failed to transition out of the state. The state does not point to a next state.',
    /^history/,
  ],
  [
    'States.Runtime',
    'The execution reached the maximum number of history events (25000).',
    'The execution reached the maximum number of history events (25000).',
    /^rerun/,
  ],
  [
    'States.QueryEvaluationError',
    inState("The JSONata expression '$x' specified for the field 'Output/r' returned nothing (undefined)."),
    "The JSONata expression '$x' specified for the field 'Output/r' returned nothing (undefined).",
    /^history/,
  ],
  [
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
    'The specified tolerated failure threshold was exceeded',
    /^redrive/,
  ],
  [
    'States.ItemReaderFailed',
    'CSV headers cannot contain duplicates.',
    'CSV headers cannot contain duplicates.',
    /^history/,
  ],
  ['States.TaskFailed', child('Boom', lambda('Boom', 'deep down')), 'deep down', /^logs/],
  [
    'States.TaskFailed',
    "The role arn:r is not authorized to assume the task state's role, arn:s.",
    "The role arn:r is not authorized to assume the task state's role, arn:s.",
    /^doctor/,
  ],
  [
    'version is not match',
    'next version must be 3 but got 1',
    'next version must be 3 but got 1',
    /^history/,
  ],
  ['Rejected', JSON.stringify({ reason: '予算超過', by: 'suzuki' }), '予算超過', /^history/],
  [
    'EventBridge.FailedEntry',
    JSON.stringify({
      Entries: [{ ErrorCode: 'NotAuthorizedForSource', ErrorMessage: 'Not authorized for the source.' }],
      FailedEntryCount: 1,
    }),
    'Not authorized for the source.',
    /^doctor/,
  ],
  [
    'Batch.JobFailed',
    JSON.stringify({ JobName: 'j', StatusReason: 'Essential container in task exited', Attempts: [] }),
    'Essential container in task exited',
    /./,
  ],
  [
    'Batch.JobFailed',
    JSON.stringify({
      StatusReason: 'Host EC2 terminated',
      Container: { ExitCode: 137, Reason: 'OutOfMemoryError' },
    }),
    'Host EC2 terminated (OutOfMemoryError)',
    /^logs/,
  ],
  [
    'States.TaskFailed',
    JSON.stringify({ StoppedReason: 'CannotPullContainerError: pull access denied for x', Containers: [] }),
    'CannotPullContainerError: pull access denied for x',
    /^history/,
  ],
  [
    'States.TaskFailed',
    JSON.stringify({ ErrorMessage: 'no such table', JobName: 'etl', JobRunState: 'FAILED' }),
    'no such table',
    /./,
  ],
  ['States.Http.StatusCode.404', JSON.stringify({ message: 'no such user' }), 'no such user', /^history/],
  ['States.Http.StatusCode.503', 'Service Unavailable', 'Service Unavailable', /^redrive/],
  [
    'States.NoChoiceMatched',
    undefined,
    'No rule of the Choice fits its input, and it has no Default.',
    /^history/,
  ],
  ['States.BranchFailed', undefined, 'A branch of the Parallel failed.', /^history --failed/],
  [
    'States.IntrinsicFailure',
    "The function 'States.Format' had the following error: Invalid arguments in States.Format",
    "The function 'States.Format' had the following error: Invalid arguments in States.Format",
    /^history --state S/,
  ],
  [
    'States.ParameterPathFailure',
    "The JSONPath '$.a' specified for the field 'x.$' could not be found in the input '{}'",
    "The JSONPath '$.a' specified for the field 'x.$' could not be found in the input '{}'",
    /^history --state S/,
  ],
  [
    'Lambda.Unknown',
    'The cause could not be determined because Lambda did not return an error type.',
    'The cause could not be determined because Lambda did not return an error type.',
    /^logs --errors/,
  ],
  [
    'Runtime.ExitError',
    lambda(
      'Runtime.ExitError',
      'RequestId: 0b0f2c8e-9a55-4d6e-a1f3-2f6f0b7d2a10 Error: Runtime exited with error: exit status 1',
    ),
    'Runtime exited with error: exit status 1',
    /^logs --filter 0b0f2c8e/,
  ],
  [
    'Lambda.KMSAccessDeniedException',
    'Lambda was unable to decrypt the environment variables because KMS access was denied. (Service: AWSLambda; Status Code: 502; Error Code: KMSAccessDeniedException; Request ID: r; Proxy: null)',
    'Lambda was unable to decrypt the environment variables because KMS access was denied.',
    /^doctor/,
  ],
  [
    'States.ResultWriterFailed',
    'The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Request ID: R)',
    'The specified bucket does not exist',
    /^doctor/,
  ],
  [
    'States.TaskFailed',
    JSON.stringify({ ExecutionArn: 'arn:aws:states:r:1:execution:child:x', Status: 'TIMED_OUT' }),
    'The execution that it started ended: TIMED_OUT.',
    /./,
  ],
  ['KeyError', lambda('KeyError', "'id'"), "KeyError: 'id'", /^logs/],
])('%s: %s', (error, cause, line, command) => {
  const decoded = decodeFailure(error, cause);
  expect(decoded.message.split('\n')[0]).toBe(line);
  const [first] = adviseOn(decoded, error, 'S').commands;
  expect(`${first?.command}${first?.flags}`).toMatch(command);
});

test.each([
  ['Unable to determine event source based on event.', /"context\.\$": "\$\$"/],
  ["TypeError: Cannot read properties of undefined (reading 'includes')", /no event factory.*MF009/],
  ["TypeError: Cannot read properties of undefined (reading 'NewImage')", /mbc-flow trigger stream/],
])('a known failure of the framework says what to mend: %s', (message, meaning) => {
  const failure = (trace: string[]) =>
    decodeFailure('Error', lambda('Runtime.UnhandledPromiseRejection', message, { trace }));
  const framework =
    '    at EventFactory.transform (/var/task/node_modules/@mbc-cqrs-serverless/core/dist/x.js:1:1)';
  expect(adviseOn(failure([message, framework]), undefined, 'S').meaning).toMatch(meaning);
  const own = failure([message, '    at Orders.find (/var/task/dist/orders.js:3:7)']);
  if (message.startsWith('TypeError')) expect(adviseOn(own, undefined, 'S').meaning).toBeUndefined();
});
