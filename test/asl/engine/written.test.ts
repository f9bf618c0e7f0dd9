import { expect, test } from 'vitest';
import { simulate } from '../simulate.js';

/** What a machine of one state makes of an input, all as text. */
function outputOf(state: object, input: string, answer?: (parameters: string) => string): string | undefined {
  const definition = { StartAt: 'S', States: { S: { ...state, End: true } } };
  const { execution } = simulate(
    definition,
    {},
    (effect) =>
      effect.type === 'InvokeTask'
        ? [{ type: 'TaskSucceeded', taskId: effect.taskId, output: answer?.('') ?? '' }]
        : [],
    { input },
  );
  return execution.output ?? `${execution.error}: ${execution.cause}`;
}

const NUMBERS = '{"a":0.0,"b":[9007199254740993,1e3],"c":{"id":12345678901234567890,"0":0.10}}';

test.each([
  ['as it is', { Type: 'Pass' }, NUMBERS],
  ['a path', { Type: 'Pass', InputPath: '$.b' }, '[9007199254740993,1e3]'],
  ['a number alone', { Type: 'Pass', OutputPath: '$.c.id' }, '12345678901234567890'],
  ['a filter', { Type: 'Pass', InputPath: '$.b[?(@ > 1000)]' }, '[9007199254740993]'],
  ['all members', { Type: 'Pass', InputPath: '$.c.*' }, '[12345678901234567890,0.10]'],
  [
    'a template',
    { Type: 'Pass', Parameters: { z: 1, 'x.$': '$.a', '0': 'k', 'y.$': '$.c' } },
    '{"0":"k","z":1,"x":0.0,"y":{"id":12345678901234567890,"0":0.10}}',
  ],
  [
    'a place in the input',
    { Type: 'Pass', InputPath: '$.c', ResultPath: '$.b[0]' },
    '{"a":0.0,"b":[{"id":12345678901234567890,"0":0.10},1e3],"c":{"id":12345678901234567890,"0":0.10}}',
  ],
  [
    'functions',
    { Type: 'Pass', Parameters: { 'x.$': 'States.Array($.a, $.b[0], 0.50)' } },
    '{"x":[0.0,9007199254740993,0.50]}',
  ],
  [
    'text of it',
    { Type: 'Pass', Parameters: { 'x.$': "States.Format('{}', States.JsonToString($.c))" } },
    '{"x":"{\\"id\\":12345678901234567890,\\"0\\":0.10}"}',
  ],
  [
    'JSON of a text',
    { Type: 'Pass', Parameters: { 'x.$': 'States.StringToJson(States.JsonToString($))' } },
    `{"x":${NUMBERS}}`,
  ],
  [
    'objects joined, in the order of a HashMap',
    { Type: 'Pass', Parameters: { 'x.$': 'States.JsonMerge($.c, $.c, false)' } },
    '{"x":{"0":0.10,"id":12345678901234567890}}',
  ],
  [
    'items of a Map',
    {
      Type: 'Map',
      ItemsPath: '$.b',
      ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
    },
    '[9007199254740993,1e3]',
  ],
  [
    'branches',
    {
      Type: 'Parallel',
      Branches: [{ StartAt: 'P', States: { P: { Type: 'Pass', InputPath: '$.a', End: true } } }],
    },
    '[0.0]',
  ],
  ['a sum is computed', { Type: 'Pass', Parameters: { 'x.$': 'States.MathAdd($.a, 1)' } }, '{"x":1}'],
  [
    'JSONata computes',
    { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.b %}' },
    '[9007199254740992,1000]',
  ],
  ['JSONata that says nothing', { Type: 'Pass', QueryLanguage: 'JSONata' }, NUMBERS],
])('numbers and keys come out as they went in: %s', (_name, state, expected) => {
  expect(outputOf(state, NUMBERS)).toBe(expected);
});

test('what the definition holds keeps its text, too', () => {
  const text = '{"StartAt":"S","States":{"S":{"Type":"Pass","Result":{"b":0.0,"1":1e2},"End":true}}}';
  expect(simulate(text, {}).execution.output).toBe('{"b":0.0,"1":1e2}');
});

test('Choice compares numbers as doubles', () => {
  const choice = (rule: object) => ({
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: true, End: true },
      No: { Type: 'Pass', Result: false, End: true },
    },
  });
  for (const rule of [
    { Variable: '$.a', NumericEquals: 0 },
    { Variable: '$.b[1]', NumericGreaterThanEquals: 1000 },
    { Variable: '$.a', IsNumeric: true },
    { Variable: '$.c.id', NumericEqualsPath: '$.c.id' },
  ])
    expect(simulate(choice(rule), {}, undefined, { input: NUMBERS }).execution.output).toBe('true');
});

test('what a task answers, and what it is sent, are the same texts', () => {
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'f', 'Payload.$': '$' },
  };
  expect(outputOf({ ...task, OutputPath: '$.Payload' }, NUMBERS, () => `{"Payload":${NUMBERS}}`)).toBe(
    NUMBERS,
  );
});

test('a wait of 0.0 or 1e0 seconds is one', () => {
  expect(outputOf({ Type: 'Wait', SecondsPath: '$.a' }, NUMBERS)).toBe(NUMBERS);
  expect(outputOf({ Type: 'Wait', SecondsPath: '$.n' }, '{"n":1e0}')).toBe('{"n":1e0}');
});
