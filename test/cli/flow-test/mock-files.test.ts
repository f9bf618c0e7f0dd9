import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, errorOf, run } from '../world.js';

// Mocks in the format of Step Functions Local (MockConfigFile), as cases name them.

const invoke = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f' },
};
const machine = {
  StartAt: 'Ask',
  States: {
    Ask: {
      ...invoke,
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 1, MaxAttempts: 5 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Tell' }],
      OutputPath: '$.Payload',
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 1,
      ItemProcessor: { StartAt: 'Work', States: { Work: { ...invoke, OutputPath: '$.Payload', End: true } } },
      End: true,
    },
    Tell: { Type: 'Pass', End: true },
  },
};
const returned = (Payload: unknown) => ({ Return: { StatusCode: 200, Payload } });
const responses = {
  BusyTwice: {
    '0-1': { Throw: { Error: 'Busy', Cause: 'try later' } },
    '2': returned({ items: [1, 2, 3] }),
  },
  Gone: { '0': { Throw: { Error: 'Gone', Cause: 'no such order' } } },
  NoCause: { '0': { Throw: { Error: 'Gone' } } },
  Works: { '0': returned('first'), '1-5': returned('other') },
  Nothing: { '0': { Return: null } },
};
const mocks = (cases: object, more: object = {}) => ({
  StateMachines: { m: { TestCases: cases } },
  MockedResponses: { ...responses, ...more },
});

function project(mocked: unknown, cases: object[]): string {
  const cwd = directory();
  writeFileSync(join(cwd, 'm.asl.json'), JSON.stringify(machine));
  const text = typeof mocked === 'string' ? mocked : JSON.stringify(mocked, null, 2);
  writeFileSync(join(cwd, 'MockConfigFile.json'), text);
  const file = { machine: './m.asl.json', mocks: './MockConfigFile.json', cases };
  writeFileSync(join(cwd, 'm.flow.json'), JSON.stringify(file, null, 2));
  return cwd;
}

test('calls are counted over retries and iterations; ranges, errors with and without a cause', async () => {
  const cases = {
    Busy: { Ask: 'BusyTwice', Work: 'Works' },
    Gone: { Ask: 'Gone' },
    NoCause: { Ask: 'NoCause' },
  };
  const cwd = project(mocks(cases), [
    { name: 'busy', mocks: 'Busy', expect: { output: ['first', 'other', 'other'], duration: '20s' } },
    { name: 'gone', mocks: 'Gone', expect: { output: { error: { Error: 'Gone', Cause: 'no such order' } } } },
    { name: 'no cause', mocks: 'NoCause', expect: { output: { error: { Error: 'Gone', Cause: '' } } } },
    {
      name: 'the answers of the case come first',
      mocks: 'Busy',
      answers: { Work: { value: { Payload: 0 } } },
      expect: { output: [0, 0, 0] },
    },
  ]);
  const { stdout, code } = await run(['test', '-o', 'json', '--coverage-min', '100'], { cwd });
  const { cases: told } = JSON.parse(stdout);
  expect(told.flatMap(({ differences }: { differences: [] }) => differences)).toEqual([]);
  expect(code).toBe(0);
});

test('a call beyond what is mocked has no answer, and a state that is not mocked neither', async () => {
  const cwd = project(mocks({ Short: { Ask: 'Gone' }, Few: { Ask: 'BusyTwice', Work: 'Gone' } }), [
    { name: 'few', mocks: 'Few', answers: { Ask: { value: { Payload: { items: [1] } } } } },
    { name: 'none', mocks: 'Short', answers: { Ask: { value: { Payload: { items: [1] } } } } },
  ]);
  const { cases } = JSON.parse((await run(['test', '-o', 'json'], { cwd })).stdout);
  expect(cases[0].differences[0]).toMatchObject({ what: 'status', actual: 'FAILED' });
  expect(cases[1].differences[0]).toMatchObject({
    what: 'answer',
    message: expect.stringMatching(/^Work\[0\] is called/),
  });
});

describe('what is wrong with a mocks file is told with its place', () => {
  const one = [{ name: 'a', mocks: 'A' }];
  const withResponse = (response: string): string =>
    `{\n  "StateMachines": { "m": { "TestCases": { "A": { "Ask": "R" } } } },\n  "MockedResponses": {\n    "R": ${response}\n  }\n}\n`;
  test.each<[what: string, mocked: string, where: string, message: RegExp]>([
    ['no JSON', '{\n  "StateMachines": {,\n}', 'MockConfigFile.json:2:21', /can't be read/],
    ['no object', '[]', 'MockConfigFile.json:1:1', /the file must be an object/],
    [
      'a key that is no number',
      withResponse('{ "first": { "Return": 1 } }'),
      'MockConfigFile.json:4:12',
      /call number or a range/,
    ],
    [
      'both',
      withResponse('{ "0": { "Return": 1, "Throw": {} } }'),
      'MockConfigFile.json:4:12',
      /exactly one of Return and Throw/,
    ],
    ['neither', withResponse('{ "0": {} }'), 'MockConfigFile.json:4:12', /exactly one of Return and Throw/],
    [
      'Throw is a text',
      withResponse('{ "0": { "Throw": "Busy" } }'),
      'MockConfigFile.json:4:19',
      /Throw must be an object/,
    ],
    [
      'a range that goes back',
      withResponse('{ "3-1": { "Return": 1 } }'),
      'MockConfigFile.json:4:12',
      /goes back/,
    ],
    [
      'a response that is not there',
      '{\n  "StateMachines": {\n    "m": { "TestCases": { "A": { "Ask": "Nope" } } }\n  }\n}',
      'MockConfigFile.json:3:34',
      /MockedResponses has no "Nope"/,
    ],
    [
      'cases that are a list',
      '{\n  "StateMachines": {\n    "m": { "TestCases": [] }\n  }\n}',
      'MockConfigFile.json:3:12',
      /must be an object/,
    ],
    [
      'no such case',
      withResponse('{ "0": { "Return": 1 } }').replace('"A"', '"B"'),
      'm.flow.json:7:7',
      /no test case A/,
    ],
  ])('%s', async (_, mocked, where, message) => {
    const cwd = project(mocked, one);
    const error = errorOf(await run(['test', '-o', 'json'], { cwd }));
    expect(error).toMatchObject({
      code: 'InvalidTestFile',
      exitCode: 2,
      where,
      message: expect.stringMatching(message),
    });
  });
});
