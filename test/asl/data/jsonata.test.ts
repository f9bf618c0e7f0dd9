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

  const map = { Type: 'Map', ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } } };
  const among = 'must be between 0 and 99999999 but was:';
  const unparsed = 'field cannot be parsed as an integer:';
  test.each<[object, string, string | undefined]>([
    [
      { ...map, Items: '{% 1 %}' },
      "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1",
      'Items',
    ],
    [map, 'Map state input must be an array but was: {}', undefined],
    [
      { ...map, Items: ['{% 1 %}'], MaxConcurrency: '{% 1.5 %}' },
      `The MaxConcurrency ${unparsed} 1.5`,
      'MaxConcurrency',
    ],
    [
      { Type: 'Wait', Seconds: '{% "x" %}' },
      `The JSONata expression '"x"' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: "x"`,
      'Seconds',
    ],
    [{ Type: 'Wait', Seconds: '{% 1.6 %}' }, `The Seconds ${unparsed} 1.6`, 'Seconds'],
    [{ Type: 'Wait', Seconds: '{% -1 %}' }, `Seconds ${among} -1`, 'Seconds'],
    [task({ TimeoutSeconds: '{% -1 %}' }), `TimeoutSeconds ${among} -1`, 'TimeoutSeconds'],
    [task({ TimeoutSeconds: '{% 1e8 %}' }), `TimeoutSeconds ${among} 100000000`, 'TimeoutSeconds'],
    [task({ TimeoutSeconds: '{% 1.6 %}' }), `The TimeoutSeconds ${unparsed} 1.6`, 'TimeoutSeconds'],
    [task({ HeartbeatSeconds: '{% -2 %}' }), `HeartbeatSeconds ${among} -2`, 'HeartbeatSeconds'],
    [task({ HeartbeatSeconds: '{% 0.5 %}' }), `The HeartbeatSeconds ${unparsed} 0.5`, 'HeartbeatSeconds'],
    [
      { Type: 'Wait', Timestamp: '{% "2016-12-05" %}' },
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05',
      'Timestamp',
    ],
  ])('of what a field does not take: %j', async (state, reason, location) => {
    const { execution, events } = await simulateJsonata(single(state));
    expect(execution).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${reason}`,
    });
    const failed = events.filter(({ type }) => type === 'EvaluationFailed').map((event) => detailsOf(event));
    expect(failed.map((details) => details.location)).toEqual([location]);
    expect(JSON.stringify(failed[0])).toContain(`"error":"States.QueryEvaluationError"`);
  });
});

test('an Assign of nothing is told nowhere', async () => {
  const run = await simulateJsonata(single({ Type: 'Pass', Assign: {} }));
  const exited = run.events.find(({ type }) => type === 'PassStateExited');
  expect(detailsOf(exited ?? { type: '' })).not.toHaveProperty('assignedVariables');
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
