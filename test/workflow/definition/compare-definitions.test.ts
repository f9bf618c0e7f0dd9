import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { compareDefinitions } from '../../../src/workflow/definition/compare-definitions.js';

const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f' } };
const machine = (States: JsonObject, more: JsonObject = {}): JsonObject => ({
  StartAt: 'a',
  States,
  ...more,
});
const compared = (before: JsonObject, after: JsonObject) => compareDefinitions(before, after);
const none = { machine: [], states: [] };

describe('what is written in another way is no difference', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'the order of fields and states',
      machine({ a: { Type: 'Pass', Next: 'b' }, b: { Type: 'Pass', End: true } }),
      machine({ b: { End: true, Type: 'Pass' }, a: { Next: 'b', Type: 'Pass' } }),
    ],
    [
      'defaults that are written out',
      machine({ a: { ...call, End: true, Retry: [{ ErrorEquals: ['X'] }] } }),
      machine(
        {
          a: {
            ...call,
            InputPath: '$',
            End: true,
            Retry: [{ ErrorEquals: ['X'], MaxAttempts: 3, BackoffRate: 2 }],
          },
        },
        { Version: '1.0', QueryLanguage: 'JSONPath' },
      ),
    ],
    [
      'the old name of a processor',
      machine({ a: { Type: 'Map', End: true, Iterator: machine({ i: { Type: 'Pass', End: true } }) } }),
      machine({
        a: {
          Type: 'Map',
          End: true,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'INLINE' },
            ...machine({ i: { Type: 'Pass', End: true } }),
          },
        },
      }),
    ],
  ])('%s', (what, before, after) => {
    // The first state of what is inside is called `a` by `machine`.
    expect(compared(before, after), what).toEqual(none);
  });
});

test('states that were added, removed, changed, and where transitions lead', () => {
  const before = machine({
    a: { ...call, TimeoutSeconds: 30, Next: 'b', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'gone' }] },
    b: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'c' }], Default: 'c' },
    c: { Type: 'Succeed' },
    gone: { Type: 'Fail' },
  });
  const after = machine({
    a: { ...call, TimeoutSeconds: 60, Next: 'b', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'c' }] },
    b: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'extra' }], Default: 'c' },
    c: { Type: 'Succeed' },
    extra: { Type: 'Pass', Next: 'c' },
  });
  expect(compared(before, after).states).toEqual([
    {
      stateName: 'a',
      type: 'Task',
      change: 'changed',
      fields: [{ path: '$.TimeoutSeconds', before: '30', after: '60' }],
      transitions: [{ by: 'catch States.ALL', before: 'gone', after: 'c' }],
    },
    {
      stateName: 'b',
      type: 'Choice',
      change: 'changed',
      fields: [],
      transitions: [{ by: 'n > 1', before: 'c', after: 'extra' }],
    },
    {
      stateName: 'extra',
      type: 'Pass',
      change: 'added',
      fields: [],
      transitions: [{ by: 'Next', after: 'c' }],
    },
    { stateName: 'gone', type: 'Fail', change: 'removed', fields: [], transitions: [] },
  ]);
});

test('a state that has only another name', () => {
  const before = machine({ a: { ...call, Next: 'b' }, b: { Type: 'Wait', Seconds: 5, End: true } });
  const after = machine({ a: { ...call, Next: 'pause' }, pause: { Type: 'Wait', Seconds: 5, End: true } });
  expect(compared(before, after).states).toMatchObject([
    { stateName: 'pause', before: 'b', change: 'changed', fields: [], transitions: [] },
  ]);
});

test('a default that was given up is told by its value', () => {
  const retry = (MaxAttempts?: number) =>
    machine({
      a: { ...call, End: true, Retry: [{ ErrorEquals: ['X'], ...(MaxAttempts && { MaxAttempts }) }] },
    });
  expect(compared(retry(), retry(5)).states[0]?.fields).toEqual([
    { path: '$.Retry[0].MaxAttempts', before: '3', after: '5' },
  ]);
});

test('the order of choices counts, and which state one is inside of', () => {
  const choices = (...names: string[]) =>
    machine({
      a: {
        Type: 'Choice',
        Default: 'z',
        Choices: names.map((name) => ({ Variable: `$.${name}`, IsPresent: true, Next: 'z' })),
      },
      z: { Type: 'Succeed' },
    });
  expect(compared(choices('x', 'y'), choices('y', 'x')).states[0]?.fields).toMatchObject([
    { path: '$.Choices' },
  ]);
  const i = { Type: 'Pass', End: true };
  const map = (States: JsonObject) => ({
    Type: 'Map',
    End: true,
    ItemProcessor: { StartAt: Object.keys(States)[0] ?? '', States },
  });
  const moved = compared(
    machine({ a: { Type: 'Pass', Next: 'm' }, i, m: map({ k: i }) }),
    machine({ a: { Type: 'Pass', Next: 'm' }, m: map({ k: i, i }) }),
  );
  expect(moved.states).toMatchObject([
    { stateName: 'i', fields: [{ path: '(inside)', before: 'the machine', after: 'm' }] },
  ]);
});
