import { expect, test } from 'vitest';
import type { Effect } from '../../../src/asl/engine/protocol.js';
import { transition } from '../../../src/asl/engine/transition.js';
import type { Json } from '../../../src/json/json.js';
import {
  type Answer,
  failWith,
  goOn,
  LAMBDA,
  output,
  type Simulation,
  simulate,
  single,
} from '../simulate.js';

const redriven = (run: Simulation, answer: Answer = () => []): Simulation =>
  goOn(run, { type: 'Redrive' }, answer);
const after = (run: Simulation): string[] =>
  run.chain.slice(run.chain.findLastIndex((line) => line.startsWith('ExecutionRedriven')));
const task = (more: object = {}) => ({ Type: 'Task', Resource: LAMBDA, ...more });

test('the failed state is executed again, the ones before it are not', () => {
  const definition = {
    StartAt: 'Before',
    States: {
      Before: { Type: 'Pass', Result: { kept: 1 }, Assign: { seen: 'yes' }, Next: 'Call' },
      Call: task({ Next: 'After' }),
      After: {
        Type: 'Pass',
        Parameters: { 'seen.$': '$seen', 'count.$': '$$.Execution.RedriveCount' },
        End: true,
      },
    },
  };
  const run = redriven(simulate(definition, {}, failWith('E', undefined)), failWith(undefined));
  expect(run.chain.slice(7)).toEqual([
    'ExecutionFailed 8<7',
    'ExecutionRedriven 9<8',
    'LambdaFunctionScheduled 10<7',
    'LambdaFunctionStarted 11<10',
    'LambdaFunctionSucceeded 12<11',
    'TaskStateExited 13<12',
    'PassStateEntered 14<13',
    'PassStateExited 15<14',
    'ExecutionSucceeded 16<15',
  ]);
  expect(output(run)).toEqual({ seen: 'yes', count: 1 });
  expect(run.execution).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, error: undefined });
});

test('retries and the time of the execution begin anew', () => {
  const retrying = task({ Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }] });
  const run = simulate({ ...single(retrying), TimeoutSeconds: 100 }, {}, failWith('E'));
  redriven(run, failWith('E', 'E', undefined));
  expect(run.execution.status).toBe('SUCCEEDED');

  const waiting = simulate({ ...single({ Type: 'Wait', Seconds: 60 }), TimeoutSeconds: 50 });
  expect(waiting.execution.status).toBe('TIMED_OUT');
  const timer = transition(waiting.execution, { type: 'Redrive', at: waiting.now }).effects;
  expect(timer).toContainEqual({ type: 'SetTimer', timerId: expect.any(Number), at: waiting.now + 50_000 });
});

test('only the branches that did not succeed go on, from where they stood', () => {
  const branch = (first: string, second: string) => ({
    StartAt: first,
    States: { [first]: task({ Next: second }), [second]: task({ End: true }) },
  });
  const parallel = single({ Type: 'Parallel', Branches: [branch('A', 'B'), branch('C', 'D')] });
  const calls: string[] = [];
  const answers =
    (failing: string): Answer =>
    (effect) => {
      if (effect.type !== 'InvokeTask') return [];
      calls.push(effect.stateName);
      const { taskId, stateName } = effect;
      return stateName === failing
        ? [{ type: 'TaskFailed', taskId, error: 'E' }]
        : [{ type: 'TaskSucceeded', taskId, output: JSON.stringify(stateName) }];
    };
  const run = simulate(parallel, {}, answers('D'));
  expect(run.execution.status).toBe('FAILED');
  calls.length = 0;
  redriven(run, answers(''));
  expect(calls).toEqual(['D']);
  expect(output(run)).toEqual(['B', 'D']);
});

test('an inline Map goes on with what failed, was aborted or not begun', () => {
  const map = single({
    Type: 'Map',
    MaxConcurrency: 2,
    ItemProcessor: { StartAt: 'T', States: { T: task({ End: true }) } },
  });
  const seen: Json[] = [];
  const answers =
    (failing: Json): Answer =>
    (effect) => {
      if (effect.type !== 'InvokeTask') return [];
      const { taskId, parameters } = effect;
      seen.push(parameters);
      return parameters === failing
        ? [{ type: 'TaskFailed', taskId, error: 'E' }]
        : [{ type: 'TaskSucceeded', taskId, output: JSON.stringify(parameters) }];
    };
  const run = simulate(map, [1, 2, 3, 4, 5], answers(3));
  expect(run.execution.status).toBe('FAILED');
  const done = run.events.filter(({ type }) => type === 'MapIterationSucceeded').length;
  seen.length = 0;
  redriven(run, answers(null));
  expect(seen).toHaveLength(5 - done);
  expect(output(run)).toEqual([1, 2, 3, 4, 5]);
});

test('a container whose own result failed is executed again as a whole', () => {
  const large = 'x'.repeat(200_000);
  const branch = (name: string) => ({ StartAt: name, States: { [name]: task({ End: true }) } });
  const run = simulate(
    single({ Type: 'Parallel', Branches: [branch('A'), branch('B')] }),
    {},
    ({ taskId }) => [{ type: 'TaskSucceeded', taskId, output: JSON.stringify(large) }],
  );
  expect(run.execution.error).toBe('States.DataLimitExceeded');
  redriven(run, failWith(undefined));
  expect(after(run).filter((line) => line.startsWith('ParallelStateStarted'))).toHaveLength(1);
  expect(output(run)).toEqual(['done', 'done']);
});

test('a map run is redriven, unless it is to be begun anew', () => {
  const map = single({
    Type: 'Map',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'P',
      States: { P: { Type: 'Pass', End: true } },
    },
  });
  const effects: Effect['type'][] = [];
  const answer =
    (error?: string): Answer =>
    (effect) => {
      effects.push(effect.type);
      const { taskId } = effect;
      return [
        error ? { type: 'MapRunFailed', taskId, error } : { type: 'MapRunSucceeded', taskId, output: '[]' },
      ];
    };
  const run = simulate(map, [1], answer('States.ExceedToleratedFailureThreshold'));
  redriven(run, answer('States.DataLimitExceeded'));
  redriven(run, answer());
  expect(effects).toEqual(['StartMapRun', 'RedriveMapRun', 'StartMapRun']);
  expect(run.events.find(({ type }) => type === 'MapRunRedriven')).toMatchObject({
    mapRunRedrivenEventDetails: { redriveCount: 1 },
  });
  expect(run.execution.status).toBe('SUCCEEDED');
});

test('what was stopped goes on; what runs or has succeeded is not redriven', () => {
  const run = simulate(single(task()), {});
  expect(transition(run.execution, { type: 'Redrive', at: 0 }).events).toEqual([]);
  transition(run.execution, { type: 'Stop', at: 0 });
  redriven(run, failWith(undefined));
  expect(run.execution.status).toBe('SUCCEEDED');
  expect(transition(run.execution, { type: 'Redrive', at: 0 }).events).toEqual([]);
});
