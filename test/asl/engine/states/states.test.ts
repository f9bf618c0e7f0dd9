import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/json/json.js';
import { detailsOf } from '../../../conformance/record.js';
import { LAMBDA, output, simulate, single, succeed } from '../../simulate.js';

const INVOKE = 'arn:aws:states:::lambda:invoke';

/** The name of the state that a Choice on `rule` goes to. */
function choose(rule: object, input: Json): string | undefined {
  const { execution } = simulate(
    {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: 'yes', End: true },
        No: { Type: 'Pass', Result: 'no', End: true },
      },
    },
    input,
  );
  return execution.output ?? execution.cause;
}

describe('Choice', () => {
  const input = { n: 5, s: 'abc', b: true, z: null, t: '2026-01-01T00:00:00Z', m: 5, star: 'a*c' };
  test.each<[object, boolean]>([
    [{ Variable: '$.n', NumericEquals: 5 }, true],
    [{ Variable: '$.s', NumericEquals: 5 }, false],
    [{ Variable: '$.n', NumericGreaterThan: 5 }, false],
    [{ Variable: '$.n', NumericGreaterThanEqualsPath: '$.m' }, true],
    [{ Variable: '$.n', NumericLessThanEquals: 5 }, true],
    [{ Variable: '$.s', StringEquals: 'abc' }, true],
    [{ Variable: '$.s', StringLessThan: 'abd' }, true],
    [{ Variable: '$.s', StringMatches: 'a*' }, true],
    [{ Variable: '$.s', StringMatches: '*b*' }, true],
    [{ Variable: '$.s', StringMatches: '*c*c' }, false],
    [{ Variable: '$.star', StringMatches: 'a\\*c' }, true],
    [{ Variable: '$.s', StringMatches: 'a\\*c' }, false],
    [{ Variable: '$.b', BooleanEquals: true }, true],
    [{ Variable: '$.t', TimestampEquals: '2026-01-01T09:00:00+09:00' }, true],
    [{ Variable: '$.t', TimestampGreaterThan: '2026-01-01T00:00:00Z' }, false],
    [{ Variable: '$.z', IsNull: true }, true],
    [{ Variable: '$.nope', IsPresent: false }, true],
    [{ Variable: '$.z', IsPresent: true }, true],
    [{ Variable: '$.n', IsNumeric: true }, true],
    [{ Variable: '$.n', IsString: false }, true],
    [{ Variable: '$.t', IsTimestamp: true }, true],
    [{ Variable: '$.s', IsTimestamp: true }, false],
    [{ Variable: '$.b', IsBoolean: true }, true],
    [{ Not: { Variable: '$.n', NumericEquals: 5 } }, false],
    [
      {
        And: [
          { Variable: '$.n', NumericEquals: 5 },
          { Variable: '$.b', BooleanEquals: true },
        ],
      },
      true,
    ],
    [
      {
        Or: [
          { Variable: '$.n', NumericEquals: 6 },
          { Variable: '$.b', BooleanEquals: false },
        ],
      },
      false,
    ],
    [
      {
        And: [
          { Variable: '$.nope', IsPresent: true },
          { Variable: '$.nope', NumericEquals: 1 },
        ],
      },
      false,
    ],
    [{ Variable: '$$.Execution.Name', StringEquals: 'run' }, true],
  ])('%j: %s', (rule, holds) => {
    expect(choose(rule, input)).toBe(holds ? '"yes"' : '"no"');
  });

  test('a variable that is not there fails the execution', () => {
    expect(choose({ Variable: '$.nope', NumericEquals: 1 }, {})).toMatch(
      /entered at the event id #2\). Invalid path '\$\.nope': The choice state's condition path references an invalid value\.$/,
    );
  });

  test('no match and no Default is States.Runtime', () => {
    const { execution } = simulate(
      {
        StartAt: 'C',
        States: {
          C: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'End' }] },
          End: { Type: 'Succeed' },
        },
      },
      { n: 2 },
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(execution.cause).toContain('Failed to transition out of the state.');
  });
});

describe('Task', () => {
  test('input and output pass all the filters', () => {
    const run = simulate(
      single({
        Type: 'Task',
        Resource: INVOKE,
        InputPath: '$.in',
        Parameters: { FunctionName: 'f', 'Payload.$': '$.p' },
        ResultSelector: { 'picked.$': '$.Payload.x' },
        ResultPath: '$.result',
        OutputPath: '$.result.picked',
      }),
      { in: { p: { a: 1 } } },
      (effect) => {
        expect(effect).toMatchObject({
          resource: INVOKE,
          parameters: { FunctionName: 'f', Payload: { a: 1 } },
        });
        return succeed({ Payload: { x: [7] } })(effect, 0);
      },
    );
    expect(output(run)).toEqual([7]);
  });

  test('a null ResultPath keeps the input', () => {
    const task = { Type: 'Task', Resource: LAMBDA, ResultPath: null };
    expect(output(simulate(single(task), { keep: 1 }, succeed('gone')))).toEqual({ keep: 1 });
  });

  test('waits on its token after the integration answered', () => {
    const task = {
      Type: 'Task',
      Resource: `${INVOKE}.waitForTaskToken`,
      Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
    };
    const run = simulate(single(task), {}, ({ taskId }) => [
      { type: 'TaskSubmitted', taskId, output: '{"Payload":{}}' },
      { type: 'TaskSucceeded', taskId, output: '{"approved":true}' },
      { type: 'TaskSucceeded', taskId, output: '"too late"' },
    ]);
    expect(run.chain).toEqual([
      'ExecutionStarted 1<0',
      'TaskStateEntered 2<0',
      'TaskScheduled 3<2',
      'TaskStarted 4<3',
      'TaskSubmitted 5<4',
      'TaskSucceeded 6<5',
      'TaskStateExited 7<6',
      'ExecutionSucceeded 8<7',
    ]);
    expect(JSON.parse(String(detailsOf(run.events[2] ?? { type: '' }).parameters))).toEqual({
      FunctionName: 'f',
      Payload: { token: 'token-3' },
    });
    expect(output(run)).toEqual({ approved: true });
  });

  test('an activity starts when a worker takes it', () => {
    const activity = 'arn:aws:states:ap-northeast-1:101010101010:activity:a';
    const run = simulate(
      single({ Type: 'Task', Resource: activity, TimeoutSeconds: 5 }),
      {},
      ({ taskId }) => [{ type: 'TaskStarted', taskId, workerName: 'w' }],
    );
    expect(run.chain.slice(2)).toEqual([
      'ActivityScheduled 3<2',
      'ActivityStarted 4<3',
      'ActivityTimedOut 5<4',
      'ExecutionFailed 6<5',
    ]);
    expect(run.now).toBe(5000);
  });

  test('a result that is too large is States.DataLimitExceeded, by bytes and not by characters', () => {
    const run = simulate(single({ Type: 'Task', Resource: LAMBDA }), {}, succeed('髙'.repeat(90_000)));
    expect(run.execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    const fits = simulate(single({ Type: 'Task', Resource: LAMBDA }), {}, succeed('x'.repeat(262_142)));
    expect(fits.execution.status).toBe('SUCCEEDED');
  });
});

describe('Pass, Wait, Fail', () => {
  test.each([
    [43_000, 'SUCCEEDED', undefined],
    [44_000, 'FAILED', 'States.DataLimitExceeded'],
  ])('what one Assign sets is limited together, by bytes: twice %i 髙', (letters, status, error) => {
    const state = { Type: 'Pass', Assign: { 'a.$': '$.text', 'b.$': '$.text' } };
    const run = simulate(single(state), { text: '髙'.repeat(letters) });
    expect(run.execution).toMatchObject({ status, ...(error && { error }) });
  });

  test('Assign is seen by the states after it', () => {
    const run = simulate(
      {
        StartAt: 'A',
        States: {
          A: { Type: 'Pass', Assign: { 'x.$': '$.n', fixed: 'f' }, Next: 'B' },
          B: {
            Type: 'Pass',
            Parameters: { 'x.$': '$x', 'sum.$': 'States.MathAdd($x, 1)', 'f.$': '$fixed' },
            End: true,
          },
        },
      },
      { n: 4 },
    );
    expect(output(run)).toEqual({ x: 4, sum: 5, f: 'f' });
  });

  test.each<[object, Json, number]>([
    [{ Seconds: 90 }, {}, 90_000],
    [{ SecondsPath: '$.s' }, { s: 3 }, 3000],
    [{ Timestamp: '1970-01-01T00:00:07Z' }, {}, 7000],
    [{ TimestampPath: '$.t' }, { t: '1970-01-01T01:00:07.5+01:00' }, 7000],
    [{ Timestamp: '1970-01-01T00:00:07.999Z' }, {}, 7000],
    [{ TimestampPath: '$.t' }, { t: '1969-01-01T00:00:00Z' }, 0],
  ])('Wait %j', (wait, input, until) => {
    const run = simulate(single({ Type: 'Wait', ...wait }), input);
    expect(run.execution.status).toBe('SUCCEEDED');
    expect(run.now).toBe(until);
  });

  test('Fail takes error and cause from paths and intrinsics', () => {
    const { execution } = simulate(
      {
        StartAt: 'F',
        States: { F: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('{}!', $.c)" } },
      },
      { e: 'Bad', c: 'why' },
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Bad', cause: 'why!' });
  });

  test('a Pass result that is too large fails the execution', () => {
    const run = simulate(
      single({ Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' } }),
      'x'.repeat(200_000),
    );
    expect(run.execution).toMatchObject({
      error: 'States.DataLimitExceeded',
      cause:
        "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });
});
