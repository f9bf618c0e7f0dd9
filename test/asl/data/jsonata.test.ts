import { describe, expect, test } from 'vitest';
import { detailsOf } from '../../conformance/record.js';
import { failWith, LAMBDA, output, simulate, simulateJsonata, single, succeed } from '../simulate.js';

const task = (more: object = {}) => ({ Type: 'Task', Resource: LAMBDA, ...more });
const typesOf = (chain: string[]): string[] => chain.map((line) => line.split(' ')[0] ?? '');

test('arguments, result, output and variables of a task', async () => {
  const definition = {
    StartAt: 'Call',
    States: {
      Call: task({
        Arguments: { n: '{% $states.input.n * 2 %}', fixed: [1, '{% $states.context.State.Name %}'] },
        Output: { doubled: '{% $states.result %}', was: '{% $states.input.n %}' },
        Assign: { seen: '{% $states.result.n + 1 %}' },
        Next: 'After',
      }),
      After: { Type: 'Pass', Output: '{% [$seen, $states.input.was] %}', End: true },
    },
  };
  const run = await simulateJsonata(definition, { n: 3 }, (effect) =>
    effect.type === 'InvokeTask' ? succeed(effect.parameters)(effect, 0) : [],
  );
  expect(output(run)).toEqual([7, 3]);
  const exited = run.events.find(({ type }) => type === 'TaskStateExited');
  expect(detailsOf(exited ?? { type: '' }).assignedVariables).toEqual({ seen: '7' });
});

test('what needs no JSONata is answered inside of the transition', () => {
  const states = {
    QueryLanguage: 'JSONata',
    ...single({
      Type: 'Pass',
      Output: { a: '{% $states.input.a.b %}', list: '{% $states.input.list %}', one: '{% 1 %}' },
    }),
  };
  const run = simulate(states, { a: { b: null }, list: [1] });
  expect(output(run)).toEqual({ a: null, list: [1], one: 1 });
  expect(run.steps).toHaveLength(1);
});

test.each([
  ['$states.input.list.x', [1, 2]],
  ['$states.input.one.x', 3],
])('a path over an array is JSONata’s own: %s', async (expression, expected) => {
  const run = await simulateJsonata(single({ Type: 'Pass', Output: `{% ${expression} %}` }), {
    list: [{ x: 1 }, { x: 2 }],
    one: [{ x: 3 }],
  });
  expect(output(run)).toEqual(expected);
});

describe('failures', () => {
  test('name the field, and are retried and caught like any other', async () => {
    const run = await simulateJsonata({
      StartAt: 'Call',
      States: {
        Call: task({
          Arguments: { list: ['{% $nothing %}'] },
          Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }],
          End: true,
        }),
        Caught: { Type: 'Pass', End: true },
      },
    });
    expect(output(run)).toBe('States.QueryEvaluationError');
    const failures = run.events.filter(({ type }) => type === 'EvaluationFailed');
    expect(failures).toHaveLength(2);
    expect(detailsOf(failures[0] ?? { type: '' })).toMatchObject({
      location: 'Arguments/list[0]',
      state: 'Call',
      cause: expect.stringContaining(
        "The JSONata expression '$nothing' specified for the field 'Arguments/list[0]' returned nothing (undefined).",
      ),
    });
  });

  test('a catcher that fails is not caught again by its own state', async () => {
    const branch = { StartAt: 'B', States: { B: task({ End: true }) } };
    const run = await simulateJsonata(
      single({
        Type: 'Parallel',
        Branches: [branch],
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $nothing %}', Next: 'S' }],
      }),
      {},
      failWith('E'),
    );
    expect(typesOf(run.chain).slice(-4)).toEqual([
      'ParallelStateFailed',
      'EvaluationFailed',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  test.each([
    [
      {
        Type: 'Map',
        Items: '{% 1 %}',
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      },
      "Expected 'array', but was 'number' for value: 1",
    ],
    [{ Type: 'Wait', Seconds: '{% "x" %}' }, "for the field 'Seconds' returned an unexpected result type"],
    [{ Type: 'Wait', Timestamp: '{% "2016-12-05" %}' }, 'cannot be parsed as an ISO-8601'],
  ])('of the wrong type: %j', async (state, text) => {
    const run = await simulateJsonata(single(state));
    expect(run.execution.error).toBe('States.QueryEvaluationError');
    expect(run.execution.cause).toContain(text);
  });
});

test('the first condition that is true decides, with its own output', async () => {
  const choices = {
    StartAt: 'C',
    States: {
      C: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 5 %}', Next: 'End', Output: 'big' },
          { Condition: '{% $states.input.n > 1 %}', Next: 'End', Output: '{% "n is " & $states.input.n %}' },
          { Condition: '{% $missing %}', Next: 'End' },
        ],
        Default: 'End',
      },
      End: { Type: 'Succeed' },
    },
  };
  expect(output(await simulateJsonata(choices, { n: 9 }))).toBe('big');
  expect(output(await simulateJsonata(choices, { n: 3 }))).toBe('n is 3');
  const third = await simulateJsonata(choices, { n: 0 });
  expect(third.execution.cause).toContain("specified for the field 'Choices[2]/Condition' returned nothing");
});

test('items are selected one by one, and each sees its own', async () => {
  const run = await simulateJsonata(
    single({
      Type: 'Map',
      Items: '{% $states.input.list[$ > 1] %}',
      ItemSelector: {
        at: '{% $states.context.Map.Item.Index + 0 %}',
        value: '{% $states.context.Map.Item.Value %}',
      },
      ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
    }),
    { list: [1, 2, 3] },
  );
  expect(output(run)).toEqual([
    { at: 0, value: 2 },
    { at: 1, value: 3 },
  ]);
});
