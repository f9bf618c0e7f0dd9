import { describe, expect, test } from 'vitest';
import { parseDefinition } from '../../../../src/asl/definition.js';
import { createExecution, transition } from '../../../../src/asl/engine/transition.js';
import type { Json } from '../../../../src/json/json.js';
import { samples } from '../../samples.js';
import { env, failWith, LAMBDA, output, simulate, single, specOf } from '../../simulate.js';

const pass = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
const calling = (name: string): object => ({
  StartAt: name,
  States: { [name]: { Type: 'Task', Resource: LAMBDA, End: true } },
});
const call = calling('T');
const wait = (seconds: number): object => ({
  StartAt: `W${seconds}`,
  States: { [`W${seconds}`]: { Type: 'Wait', Seconds: seconds, End: true } },
});
const map = (processor: object, more: object = {}): object =>
  single({ Type: 'Map', ItemProcessor: processor, ...more });

describe('Parallel', () => {
  test('keeps the order of its branches, whichever ends first', () => {
    const run = simulate(single({ Type: 'Parallel', Branches: [wait(5), pass, wait(1)] }), 'in');
    expect(output(run)).toEqual(['in', 'in', 'in']);
    expect(run.now).toBe(5000);
    expect(run.chain.slice(-3)).toEqual([
      'ParallelStateSucceeded 10<9',
      'ParallelStateExited 11<9',
      'ExecutionSucceeded 12<11',
    ]);
  });

  test('a failing branch aborts its siblings and calls off what they wait for', () => {
    const run = simulate(
      single({ Type: 'Parallel', Branches: [call, wait(60), calling('U')] }),
      {},
      (effect, now) => (effect.taskId === 5 ? failWith('E')(effect, now) : []),
    );
    expect(run.chain.slice(-6)).toEqual([
      'LambdaFunctionFailed 11<6',
      'TaskStateAborted 12<11',
      'WaitStateAborted 13<11',
      'TaskStateAborted 14<11',
      'ParallelStateFailed 15<11',
      'ExecutionFailed 16<15',
    ]);
    expect(run.steps.at(-1)?.effects.slice(0, 2)).toEqual([
      { type: 'CancelTimer', timerId: 1 },
      { type: 'CancelTask', taskId: 9 },
    ]);
  });

  test('retries as a whole, then catches', () => {
    const run = simulate(
      {
        StartAt: 'S',
        States: {
          S: {
            Type: 'Parallel',
            Branches: [{ StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } }],
            Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
            End: true,
          },
          C: { Type: 'Pass', End: true },
        },
      },
      {},
    );
    expect(run.chain.slice(2, 8)).toEqual([
      'ParallelStateStarted 3<2',
      'FailStateEntered 4<3',
      'ParallelStateStarted 5<4',
      'FailStateEntered 6<5',
      'ParallelStateFailed 7<6',
      'ParallelStateExited 8<6',
    ]);
    expect(output(run)).toEqual({ Error: 'E', Cause: '' });
  });
});

describe('inline Map', () => {
  test('one at a time: the chain of AWS', () => {
    expect(simulate(map(pass, { MaxConcurrency: 1 }), [1, 2]).chain).toEqual([
      'ExecutionStarted 1<0',
      ...(samples['Map, one after the other']?.events ?? []),
    ]);
  });

  test('no items', () => {
    const run = simulate(map(pass), []);
    expect(output(run)).toEqual([]);
    expect(run.chain.slice(2, 5)).toEqual([
      'MapStateStarted 3<2',
      'MapStateSucceeded 4<3',
      'MapStateExited 5<3',
    ]);
  });

  test('the legacy Iterator, ItemsPath, and an item with its index', () => {
    const definition = single({
      Type: 'Map',
      Iterator: pass,
      ItemsPath: '$.list',
      Parameters: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'of.$': '$.name' },
      ResultPath: '$.done',
    });
    expect(output(simulate(definition, { list: ['a', 'b'], name: 'n' }))).toMatchObject({
      name: 'n',
      done: [
        { i: 0, v: 'a', of: 'n' },
        { i: 1, v: 'b', of: 'n' },
      ],
    });
  });

  test.each([
    [{ MaxConcurrency: 3 }, 3],
    [{ MaxConcurrencyPath: '$.max' }, 2],
    [{}, 40],
  ])('%j runs no more than that at once', (limit, most) => {
    const running = simulate(map(call, { ItemsPath: '$.items', ...limit }), {
      max: 2,
      items: new Array<Json>(100).fill(0),
    });
    expect(running.execution.tasks.size).toBe(most);
  });

  test('what is no array fails the execution', () => {
    expect(simulate(map(pass), { a: 1 }).execution.cause).toMatch(
      /Reference path "\$" must point to array\.$/,
    );
  });

  test('10,000 items take time and events in proportion', () => {
    const time = (count: number): number => {
      const items = Array.from({ length: count }, (_, i) => i);
      const start = performance.now();
      const run = simulate(map(pass), items, () => [], { type: 'EXPRESS' });
      expect(run.execution.status).toBe('SUCCEEDED');
      expect(run.events).toHaveLength(4 * count + 6);
      return performance.now() - start;
    };
    time(1000);
    // Ten times the work; a quadratic engine would take a hundred times as long.
    expect(time(20_000)).toBeLessThan(40 * Math.max(time(2000), 4));
  });
});

describe('Distributed Map', () => {
  const distributed = (more: object = {}): object =>
    map({ ...pass, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }, more);

  test('hands the map run a spec with everything of its own resolved', () => {
    const definition = distributed({
      Label: 'rows',
      MaxConcurrency: 5,
      ToleratedFailurePercentage: 10,
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItemsPath: '$.max' },
        Parameters: { 'Bucket.$': '$.bucket', Key: 'k.csv' },
      },
      ItemSelector: { 'row.$': '$$.Map.Item.Value' },
      ItemBatcher: { MaxItemsPerBatch: 100, BatchInput: { 'from.$': '$.bucket' } },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { 'Bucket.$': '$.bucket', Prefix: 'out' },
      },
    });
    const run = simulate(definition, { bucket: 'b', max: 9 }, ({ taskId }) => [
      { type: 'MapRunSucceeded', taskId, output: '{"MapRunArn":"x"}' },
    ]);
    const effect = run.steps[0]?.effects[0];
    expect(effect).toMatchObject({
      type: 'StartMapRun',
      taskId: 4,
      spec: {
        stateName: 'S',
        label: 'rows',
        executionType: 'STANDARD',
        itemProcessor: pass,
        itemReader: {
          parameters: { Bucket: 'b', Key: 'k.csv' },
          readerConfig: { inputType: 'CSV', maxItems: 9 },
        },
        itemSelector: { 'row.$': '$$.Map.Item.Value' },
        itemBatcher: { batchInput: { from: 'b' }, maxItemsPerBatch: 100 },
        resultWriter: { bucket: 'b', prefix: 'out' },
        maxConcurrency: 5,
        toleratedFailureCount: 0,
        toleratedFailurePercentage: 10,
        input: { bucket: 'b', max: 9 },
        context: { Execution: { Name: 'run' }, State: { Name: 'S' } },
      },
    });
    expect(run.chain.slice(1)).toEqual([
      'MapStateEntered 2<0',
      'MapStateStarted 3<2',
      'MapRunStarted 4<3',
      'MapRunSucceeded 5<4',
      'MapStateSucceeded 6<5',
      'MapStateExited 7<4',
      'ExecutionSucceeded 8<7',
    ]);
    expect(output(run)).toEqual({ MapRunArn: 'x' });
  });

  test('a failed map run can be retried, as a new one, and fails the state in the end', () => {
    const retry = { Retry: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], MaxAttempts: 1 }] };
    const arns: string[] = [];
    const run = simulate(distributed(retry), [1], (effect) => {
      if (effect.type === 'StartMapRun') arns.push(effect.mapRunArn);
      const { taskId } = effect;
      return [
        { type: 'MapRunFailed', taskId, error: 'States.ExceedToleratedFailureThreshold', cause: 'too many' },
      ];
    });
    expect(new Set(arns).size).toBe(2);
    expect(run.chain.slice(2)).toEqual([
      'MapStateStarted 3<2',
      'MapRunStarted 4<3',
      'MapRunFailed 5<4',
      'MapStateStarted 6<5',
      'MapRunStarted 7<6',
      'MapRunFailed 8<7',
      'MapStateFailed 9<8',
      'ExecutionFailed 10<9',
    ]);
  });

  test('a result that is too large is States.DataLimitExceeded', () => {
    const run = simulate(distributed(), [1], ({ taskId }) => [
      { type: 'MapRunSucceeded', taskId, output: JSON.stringify('x'.repeat(300_000)) },
    ]);
    expect(run.execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('stops with the execution', () => {
    const run = simulate({ ...distributed(), TimeoutSeconds: 5 }, [1]);
    expect(run.execution.status).toBe('TIMED_OUT');
    expect(run.steps.at(-1)?.effects).toContainEqual(
      expect.objectContaining({ type: 'StopMapRun', taskId: 4 }),
    );
  });
});

describe('quotas', () => {
  const loop = {
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Next: 'C' },
      C: { Type: 'Choice', Choices: [{ Variable: '$.stop', IsPresent: true, Next: 'E' }], Default: 'A' },
      E: { Type: 'Succeed' },
    },
  };

  test('event 25,000 of a STANDARD execution is ExecutionFailed', () => {
    const run = simulate(loop);
    expect(run.events).toHaveLength(25_000);
    expect(run.events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
    expect(run.execution.cause).toBe('The execution reached the maximum number of history events (25000).');
  });

  test('also when the last event would have been one inside of a state', () => {
    // Each round of retry takes three events; the limit falls on a Scheduled or a Failed one.
    const task = {
      Type: 'Task',
      Resource: LAMBDA,
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 99_999_999 }],
    };
    const run = simulate(single(task), {}, failWith('E'));
    expect(run.events).toHaveLength(25_000);
    expect(run.execution.cause).toBe('The execution reached the maximum number of history events (25000).');
    expect(run.execution.tasks.size + run.execution.timers.size).toBe(0);
  });

  test('data that is nested too deeply fails the execution, not the process', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const machine = parseDefinition(JSON.stringify(single({ Type: 'Pass', ResultPath: '$.a' })));
    const execution = createExecution({ ...specOf({}), input: deep }, machine, env);
    transition(execution, { type: 'Start', at: 0 });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('an endless EXPRESS loop leaves room for others, so that it can be ended', () => {
    const machine = parseDefinition(JSON.stringify(loop), 'EXPRESS');
    const execution = createExecution(specOf({}, { type: 'EXPRESS' }), machine, env);
    const first = transition(execution, { type: 'Start', at: 0 });
    expect(first.events.length).toBeLessThan(30_000);
    const resume = first.effects.at(-1);
    expect(resume).toMatchObject({ type: 'SetTimer', at: 0 });
    const timerId = resume?.type === 'SetTimer' ? resume.timerId : 0;
    const second = transition(execution, { type: 'TimerFired', timerId, at: 5 });
    expect(second.events[0]?.id).toBe(first.events.length + 1);
    const ended = transition(execution, { type: 'TimerFired', timerId: 1, at: 300_000 });
    expect(ended.events).toMatchObject([{ type: 'ExecutionTimedOut' }]);
  });
});
