import { describe, expect, test } from 'vitest';
import { parseDefinition } from '../../../src/asl/definition.js';
import { createExecution, transition } from '../../../src/asl/engine/transition.js';
import type { Answer } from '../simulate.js';
import { env, failWith, LAMBDA, output, simulate, single, specOf } from '../simulate.js';

const task = (more: object): object => single({ Type: 'Task', Resource: LAMBDA, ...more });

/** When each attempt was made. */
function attempts(definition: object, answer: Answer): number[] {
  const at: number[] = [];
  simulate(definition, {}, (effect, now) => {
    at.push(now);
    return answer(effect, now);
  });
  return at;
}

describe('Retry', () => {
  test('backs off from IntervalSeconds by BackoffRate up to MaxDelaySeconds', () => {
    const retry = {
      ErrorEquals: ['E'],
      IntervalSeconds: 2,
      BackoffRate: 3,
      MaxAttempts: 4,
      MaxDelaySeconds: 10,
    };
    expect(attempts(task({ Retry: [retry] }), failWith('E'))).toEqual([0, 2000, 8000, 18_000, 28_000]);
  });

  test('defaults: 3 attempts, 1 second, doubled', () => {
    expect(attempts(task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }), failWith('E'))).toEqual([
      0, 1000, 3000, 7000,
    ]);
  });

  test('full jitter draws below the delay', () => {
    const retry = { ErrorEquals: ['E'], IntervalSeconds: 100, MaxAttempts: 1, JitterStrategy: 'FULL' };
    expect(attempts(task({ Retry: [retry] }), failWith('E'))).toEqual([0, 50_000]);
  });

  test('each retrier counts for itself', () => {
    const definition = task({
      Retry: [
        { ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 1 },
        { ErrorEquals: ['B'], MaxAttempts: 2, IntervalSeconds: 1 },
      ],
    });
    expect(attempts(definition, failWith('A', 'B', 'B', 'B', undefined))).toHaveLength(4);
    expect(attempts(definition, failWith('A', 'B', 'A', undefined))).toHaveLength(3);
  });

  test('MaxAttempts 0 never retries', () => {
    expect(attempts(task({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 0 }] }), failWith('E'))).toHaveLength(
      1,
    );
  });

  test('the context counts the attempts', () => {
    const definition = single({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f', 'Payload.$': '$$.State.RetryCount' },
      Retry: [{ ErrorEquals: ['E'] }],
    });
    const seen: unknown[] = [];
    simulate(definition, {}, (effect, now) => {
      if (effect.type === 'InvokeTask') seen.push(effect.parameters);
      return failWith('E')(effect, now);
    });
    expect(seen).toMatchObject([{ Payload: 0 }, { Payload: 1 }, { Payload: 2 }, { Payload: 3 }]);
  });
});

describe('Catch', () => {
  const catching = (errorEquals: string[], more: object = {}, state: object = {}): object => ({
    StartAt: 'S',
    States: {
      S: {
        Type: 'Task',
        Resource: LAMBDA,
        Catch: [{ ErrorEquals: errorEquals, Next: 'C', ...more }],
        End: true,
        ...state,
      },
      C: { Type: 'Pass', End: true },
    },
  });

  test('puts error and cause where ResultPath says, after the retries', () => {
    const definition = catching(
      ['E'],
      { ResultPath: '$.oops' },
      { Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }] },
    );
    const run = simulate(definition, { keep: 1 }, failWith('E'));
    expect(output(run)).toEqual({ keep: 1, oops: { Error: 'E', Cause: 'why' } });
    expect(run.chain.filter((event) => event.startsWith('LambdaFunctionFailed'))).toHaveLength(2);
  });

  test.each([
    [['States.TaskFailed'], 'Anything', true],
    [['States.ALL'], 'Anything', true],
    [['Other'], 'Anything', false],
    [['States.ALL'], 'States.DataLimitExceeded', true],
  ])('%j takes %s: %s', (errorEquals, error, taken) => {
    expect(simulate(catching(errorEquals), {}, failWith(error)).execution.status).toBe(
      taken ? 'SUCCEEDED' : 'FAILED',
    );
  });

  test.each([
    [['States.Timeout'], true],
    [['States.ALL'], true],
    [['States.TaskFailed'], false],
    [['States.HeartbeatTimeout'], false],
  ])('%j takes a timeout: %s', (errorEquals, taken) => {
    const run = simulate(catching(errorEquals, {}, { TimeoutSeconds: 3 }));
    expect(run.execution.status).toBe(taken ? 'SUCCEEDED' : 'FAILED');
    if (taken) expect(output(run)).toEqual({ Error: 'States.Timeout', Cause: '' });
  });

  test('States.HeartbeatTimeout takes a missed heartbeat, and beats put it off', () => {
    const definition = catching(
      ['States.HeartbeatTimeout'],
      {},
      { TimeoutSeconds: 100, HeartbeatSeconds: 10 },
    );
    const run = simulate(definition, {}, ({ taskId }) => [{ type: 'TaskHeartbeat', taskId }]);
    expect(run.execution.status).toBe('SUCCEEDED');
    expect(run.now).toBe(10_000);
  });

  test('a heartbeat of a function that has the token counts from when it returned', () => {
    const resource = {
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { FunctionName: 'f' },
    };
    const definition = catching(
      ['States.HeartbeatTimeout'],
      {},
      { ...resource, HeartbeatSeconds: 10, TimeoutSeconds: 100 },
    );
    const never = simulate(definition, {}, ({ taskId }) => [{ type: 'TaskHeartbeat', taskId }]);
    expect([never.execution.status, never.now]).toEqual(['FAILED', 100_000]);
    const run = simulate(definition, {});
    expect(run.timers.size).toBe(0);
    const returned = simulate(definition, {}, ({ taskId }) => [
      { type: 'TaskSubmitted', taskId, output: '{}' },
    ]);
    expect([returned.execution.status, returned.now]).toEqual(['SUCCEEDED', 10_000]);
  });

  test.each([[['States.ALL']], [['States.Runtime']]])('%j never takes States.Runtime', (errorEquals) => {
    const run = simulate(catching(errorEquals, {}, { OutputPath: '$.nope' }), {}, failWith(undefined));
    expect(run.execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('a catcher that cannot place the error fails the execution', () => {
    const run = simulate(catching(['States.ALL'], { ResultPath: '$.a.b' }), { a: 1 }, failWith('E'));
    expect(run.execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('a failure without a name is caught with nulls', () => {
    const run = simulate(catching(['States.ALL']), {}, ({ taskId }) => [{ type: 'TaskFailed', taskId }]);
    expect(output(run)).toEqual({ Error: null, Cause: null });
  });
});

describe('the end from outside', () => {
  test('a timer that comes late moves no stopDate', () => {
    const definition = { ...single({ Type: 'Wait', Seconds: 60 }), TimeoutSeconds: 30 };
    const late = createExecution(
      specOf({}, { startDate: 5 }),
      parseDefinition(JSON.stringify(definition)),
      env,
    );
    transition(late, { type: 'Start', at: 7 });
    transition(late, { type: 'TimerFired', timerId: 1, at: 30_029 });
    expect(late).toMatchObject({ status: 'TIMED_OUT', stopDate: 30_005 });
  });

  test('TimeoutSeconds of the machine: TIMED_OUT at that very moment', () => {
    const run = simulate({ ...task({}), TimeoutSeconds: 30 });
    expect(run.execution).toMatchObject({ status: 'TIMED_OUT', stopDate: 30_000 });
    expect(run.execution.error).toBeUndefined();
    expect(run.chain.at(-1)).toBe('ExecutionTimedOut 5<0');
    expect(run.steps.at(-1)?.effects).toContainEqual({ type: 'CancelTask', taskId: 3 });
  });

  test('Stop aborts and calls off what is open', () => {
    const run = simulate(single({ Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60 }), {}, () => [
      { type: 'Stop', error: 'E', cause: 'c' },
    ]);
    expect(run.execution).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'c' });
    expect(run.chain.at(-1)).toBe('ExecutionAborted 5<0');
    expect(run.steps.at(-1)?.effects).toEqual([
      { type: 'CancelTask', taskId: 3 },
      { type: 'CancelTimer', timerId: 1 },
      { type: 'EndExecution', status: 'ABORTED', output: undefined, error: 'E', cause: 'c' },
    ]);
  });
});
