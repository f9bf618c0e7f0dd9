import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/json/json.js';
import { adviseOn } from '../../../src/workflow/failure/advice.js';
import { decodeFailure } from '../../../src/workflow/failure/cause.js';
import type { MapRunReply } from '../../../src/workflow/rehearsal/reply.js';
import { placeText } from '../../../src/workflow/rehearsal/step-place.js';
import { flow, task as invoke } from './machines.js';
import { type Answer, again, failed, ran, succeeded } from './recorded.js';

/** A failure of each kind that `show` explains, and a change of its definition that would have mended it. */
interface Kind {
  kind: string;
  machine: JsonObject;
  fixed: JsonObject;
  input?: Json;
  answer: Answer;
  mapRun?: MapRunReply;
  /** Where the ways part. */
  parts: string;
  error: string;
}

const sends = (path: string) => ({ Parameters: { FunctionName: 'f', 'Payload.$': path } });
const task = (more: JsonObject = {}): JsonObject => invoke({ ...sends('$.a'), ...more });
const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mend' }] };
const ends = { End: true };
const mend = { Mend: { Type: 'Pass', ...ends } };

/** A Task that failed with these; it is mended by a Catch. */
const service = (kind: string, error: string, cause: string): Kind => ({
  kind,
  machine: flow({ Work: task(ends) }),
  fixed: flow({ Work: task({ ...ends, ...caught }), ...mend }),
  input: { a: 1 },
  answer: () => failed(error, cause),
  parts: 'Work: error',
  error,
});
const lambda = (errorType: string, errorMessage: string): string =>
  JSON.stringify({ errorType, errorMessage });
const reads = {
  Reader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'JSON' },
    Parameters: { Bucket: 'b', Key: 'k' },
  },
};
const rows = (more: JsonObject = {}): JsonObject => ({
  Type: 'Map',
  ItemReader: reads.Reader,
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'P',
    States: { P: { Type: 'Pass', End: true } },
  },
  ...more,
});
const mapRun = (kind: string, error: string, cause: string): Kind => ({
  kind,
  machine: flow({ Rows: rows(ends) }),
  fixed: flow({ Rows: rows({ ...ends, ...caught }), ...mend }),
  answer: () => undefined,
  mapRun: { type: 'MapRunFailed', error, cause, after: 1000 },
  parts: 'Rows: error',
  error,
});

const kinds: Kind[] = [
  service(
    'the framework takes it for its own',
    'TypeError',
    lambda('TypeError', "Cannot read properties of undefined (reading 'includes')"),
  ),
  service(
    'the framework got no record',
    'TypeError',
    lambda('TypeError', "Cannot read properties of undefined (reading 'NewImage')"),
  ),
  service('no event source', 'Error', lambda('Error', 'Unable to determine event source')),
  service(
    'out of memory',
    'Runtime.ExitError',
    lambda('Runtime.ExitError', 'RequestId: x Error: Runtime exited with error: signal: killed'),
  ),
  service(
    "a function's timeout",
    'Sandbox.Timedout',
    lambda('Sandbox.Timedout', 'Task timed out after 3.00 seconds'),
  ),
  service('no answer of a function', 'Lambda.Unknown', 'The cause could not be determined'),
  service(
    'an image',
    'States.TaskFailed',
    '{"StoppedReason":"CannotPullContainerError: pull image manifest"}',
  ),
  service('a key', 'KMS.DisabledException', 'arn:aws:kms:eu-west-1:1:key/x is disabled'),
  service('no function', 'Lambda.ResourceNotFoundException', 'Function not found: x'),
  service('a permission', 'States.TaskFailed', 'User: x is not authorized to perform: dynamodb:PutItem'),
  service('too much at once', 'Lambda.TooManyRequestsException', 'Rate Exceeded.'),
  service(
    'too large',
    'States.DataLimitExceeded',
    'The state/task returned a result with a size exceeding the maximum number of bytes service limit.',
  ),
  mapRun(
    'more failures than tolerated',
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  ),
  mapRun('no items', 'States.ItemReaderFailed', 'The specified key is not there'),
  service('a condition', 'DynamoDB.ConditionalCheckFailedException', 'The conditional request failed'),
  mapRun('no results', 'States.ResultWriterFailed', 'The bucket is not there'),
  {
    kind: 'a timeout',
    machine: flow({ Work: task({ ...ends, TimeoutSeconds: 5 }) }),
    fixed: flow({ Work: task({ ...ends, TimeoutSeconds: 5, ...caught }), ...mend }),
    input: { a: 1 },
    answer: () => [],
    parts: 'Work: error',
    error: 'States.Timeout',
  },
  {
    kind: 'no rule of a Choice',
    machine: flow({
      Which: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 2, Next: 'Mend' }] },
      ...mend,
    }),
    fixed: flow({
      Which: {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', NumericEquals: 2, Next: 'Mend' }],
        Default: 'Mend',
      },
      ...mend,
    }),
    input: { a: 1 },
    answer: () => undefined,
    parts: 'Which: error',
    error: 'States.Runtime',
  },
  {
    kind: 'a branch',
    machine: flow({
      Both: {
        Type: 'Parallel',
        Branches: [flow({ Work: task(ends) }), flow({ Rest: { Type: 'Pass', ...ends } })],
        ...ends,
      },
    }),
    fixed: flow({
      Both: {
        Type: 'Parallel',
        Branches: [flow({ Work: task(ends) }), flow({ Rest: { Type: 'Pass', ...ends } })],
        ...ends,
        ...caught,
      },
      ...mend,
    }),
    input: { a: 1 },
    answer: () => failed('States.BranchFailed', 'in it'),
    parts: 'Both: error',
    error: 'States.BranchFailed',
  },
  service('no connection', 'States.Http.Socket', 'I/O error'),
  service('a refused request', 'States.Http.StatusCode.404', '{"StatusText":"nothing here"}'),
  service('a failed endpoint', 'States.Http.StatusCode.503', '{"StatusText":"later"}'),
  {
    kind: 'a path',
    machine: flow({ Work: task({ ...sends('$.b'), ...ends }) }),
    fixed: flow({ Work: task(ends) }),
    input: { a: 1 },
    answer: () => succeeded(1),
    parts: 'Work: error',
    error: 'States.Runtime',
  },
  service('a moment', 'Lambda.ServiceException', 'try again'),
  service('nothing there', 'S3.NoSuchBucketException', 'The bucket'),
  service(
    'a package',
    'Runtime.HandlerNotFound',
    lambda('Runtime.HandlerNotFound', 'main.handler is not there'),
  ),
];

describe('a failure of each kind that show explains', () => {
  test.each(kinds)('$kind', async ({ machine, fixed, input = {}, answer, mapRun, parts, error }) => {
    const then = await ran(machine, input, answer, { mapRun: async () => mapRun });
    expect(then).toMatchObject({ status: 'FAILED', error });
    const same = await again(then.events, machine, machine, input);
    expect(same.ways.first).toBeUndefined();
    expect(same.played).toMatchObject({ status: 'FAILED', error });
    const mended = await again(then.events, machine, fixed, input, {
      reply: (_, recorded) => recorded ?? answer({} as never),
    });
    expect(mended.played).toMatchObject({ status: 'SUCCEEDED' });
    const { place, what } = mended.ways.first ?? {};
    expect(`${place && placeText(place)}: ${what}`).toBe(parts);
  });

  test('no meaning that show has is left out', async () => {
    const meanings = await Promise.all(
      kinds.map(async ({ machine, input = {}, answer, mapRun }) => {
        const { error, cause } = await ran(machine, input, answer, { mapRun: async () => mapRun });
        return adviseOn(decodeFailure(error, cause), error, undefined).meaning;
      }),
    );
    // That of too many events cannot be mended in a small history.
    expect(new Set(meanings).size).toBe(kinds.length);
  });
});
