import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateJsonata } from '../../../src/asl/data/evaluate-jsonata.mjs';
import type { Json, JsonObject } from '../../../src/json/json.js';
import { createInputCheck, type Misfit } from '../../../src/workflow/trial/input-check.js';
import { detailsOf, type RecordedExecution, recordedHistories, recordsOf } from '../../conformance/record.js';
import { material } from '../../shared.js';

const ended = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/;
const now = Date.parse('2026-01-31T00:00:00Z');
const checkOf = (definition: Json, type: 'STANDARD' | 'EXPRESS' = 'STANDARD') =>
  createInputCheck(
    {
      stateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:m',
      name: 'm',
      definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
      roleArn: 'arn:aws:iam::101010101010:role/r',
      type,
    },
    evaluateJsonata,
  );
const check = (definition: Json, input: Json): Promise<Misfit | undefined> =>
  checkOf(definition)({ name: 'n', input: JSON.stringify(input) }, now);

const machine = (states: JsonObject, more: JsonObject = {}): JsonObject => ({
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
  ...more,
});
const task: JsonObject = { Type: 'Task', Resource: 'arn:aws:lambda:x:1:function:f', End: true };

describe('what the first states ask of an input', () => {
  test('every path that a payload needs is named, with its place', async () => {
    const Parameters = { 'a.$': '$.order.id', b: { 'c.$': "States.Format('{}-{}', $.order.no, $.x)" }, d: 1 };
    expect(await check(machine({ Charge: { ...task, Parameters } }), { x: 1 })).toMatchObject({
      stateName: 'Charge',
      error: 'States.Runtime',
      missing: [
        { path: '$.order.id', field: 'Parameters/a.$' },
        { path: '$.order.no', field: 'Parameters/b/c.$' },
      ],
    });
  });

  test.each<[string, JsonObject, string, string]>([
    ['InputPath', { ...task, InputPath: '$.a', Parameters: { 'x.$': '$.b' } }, '$.a', 'InputPath'],
    [
      'after InputPath',
      { ...task, InputPath: '$.there', Parameters: { 'x.$': '$.b' } },
      '$.b',
      'Parameters/x.$',
    ],
    ['a time', { Type: 'Wait', SecondsPath: '$.a', End: true }, '$.a', 'SecondsPath'],
    ['a limit', { ...task, TimeoutSecondsPath: '$.a' }, '$.a', 'TimeoutSecondsPath'],
    [
      'the items of a Map',
      {
        Type: 'Map',
        ItemsPath: '$.a',
        ItemProcessor: machine({ I: { Type: 'Pass', End: true } }),
        End: true,
      },
      '$.a',
      'ItemsPath',
    ],
    [
      'the file of a Distributed Map',
      {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { Bucket: 'b', 'Key.$': '$.a' },
        },
        ItemProcessor: {
          ...machine({ I: { Type: 'Pass', End: true } }),
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        },
        End: true,
      },
      '$.a',
      'ItemReader/Parameters/Key.$',
    ],
  ])('%s', async (_what, state, path, field) => {
    expect((await check(machine({ S: state }), { there: {} }))?.missing).toEqual([{ path, field }]);
  });

  test('JSONata, by the field and in the words of AWS', async () => {
    const Arguments = { x: '{% $states.input.order.id %}', y: '{% $states.input.list.id %}' };
    const jsonata = machine({ S: { ...task, Arguments } }, { QueryLanguage: 'JSONata' });
    expect(await check(jsonata, { order: {}, list: [{ id: 1 }] })).toMatchObject({
      error: 'States.QueryEvaluationError',
      reason: expect.stringContaining("specified for the field 'Arguments/x' returned nothing"),
      missing: [{ path: '$states.input.order.id', field: 'Arguments/x' }],
    });
    expect(await check(jsonata, { order: { id: null }, list: [{ id: 1 }] })).toBeUndefined();
  });

  test('a choice that compares what is not there, and one that no rule fits', async () => {
    const rule = { Variable: '$.a', NumericEquals: 1, Next: 'P' };
    const states = { C: { Type: 'Choice', Choices: [rule] }, P: { Type: 'Pass', End: true } };
    expect(await check(machine(states), {})).toMatchObject({ stateName: 'C', missing: [] });
    expect((await check(machine(states), {}))?.reason).toContain("Invalid path '$.a'");
    expect(await check(machine(states), { a: 2 })).toMatchObject({ error: 'States.Runtime', stateName: 'C' });
    expect(await check(machine(states), { a: 1 })).toBeUndefined();
  });

  test('what the context object says is what AWS will say', async () => {
    const byName = {
      C: {
        Type: 'Choice',
        Choices: [{ Variable: '$$.Execution.Name', StringMatches: 'retry-*', Next: 'P' }],
        Default: 'S',
      },
      S: { ...task, Parameters: { 'x.$': '$.b' } },
      P: { Type: 'Pass', End: true },
    };
    const named = (name: string) => checkOf(machine(byName))({ name, input: '{}' }, now);
    expect(await named('first-1')).toMatchObject({ stateName: 'S' });
    expect(await named('retry-1')).toBeUndefined();
  });

  test('states after the first count as long as nothing from outside comes between', async () => {
    const second = { ...task, Parameters: { 'x.$': '$.b' } };
    expect((await check(machine({ A: { Type: 'Pass', Next: 'B' }, B: second }), {}))?.stateName).toBe('B');
    expect(
      await check(machine({ A: { ...task, Next: 'B', End: undefined as never }, B: second }), {}),
    ).toBeUndefined();
  });
});

describe('nothing is said', () => {
  const rule = { Variable: '$.a', IsPresent: false, Next: 'P' };
  const guarded = {
    C: { Type: 'Choice', Choices: [rule, { Variable: '$.a', NumericEquals: 1, Next: 'P' }], Default: 'P' },
    P: { Type: 'Pass', End: true },
  };
  const caught = {
    S: {
      Type: 'Pass',
      Parameters: { 'n.$': 'States.MathRandom(1, 9)' },
      ResultPath: '$.r',
      Next: 'T',
    },
    T: { ...task, Parameters: { 'x.$': '$.b' } },
  };
  test.each<[string, Json]>([
    ['of a guarded choice', machine(guarded)],
    ['where the author lets it fail', machine({ F: { Type: 'Fail', Error: 'No', Cause: 'no' } })],
    ['where chance has a part in it', machine(caught)],
    [
      'where JSONata throws dice',
      machine(
        { S: { ...task, Arguments: { x: '{% $random() > 2 ? 1 : $states.input.b %}' } } },
        { QueryLanguage: 'JSONata' },
      ),
    ],
    [
      'where a catcher takes it',
      machine(
        {
          S: {
            ...task,
            Arguments: { x: '{% $states.input.b %}' },
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'P' }],
          },
          P: { Type: 'Pass', End: true },
        },
        { QueryLanguage: 'JSONata' },
      ),
    ],
    ['of what only other results are asked', machine({ S: { ...task, ResultSelector: { 'x.$': '$.b' } } })],
    ['of a definition that is none', 'no JSON'],
  ])('%s', async (_what, definition) => {
    expect(await check(definition, {})).toBeUndefined();
  });
});

material.describe('on machines and executions of real life', () => {
  test('no input is refused that went well on AWS, and AWS failed what is', async () => {
    const counts = { succeeded: 0, refused: 0 };
    for (const record of recordsOf<RecordedExecution>(
      material.path('histories'),
      'localstack-executions.jsonl',
    )) {
      const [definition = '', ...others] = record.definitions;
      const history = recordedHistories(record)[0];
      const end = history?.at(-1);
      if (others.length > 0 || !end || !ended.test(end.type) || record.inputs.length > 1) continue;
      const misfit = await checkOf(definition, record.type)(
        { name: 'n', input: record.inputs[0] ?? '{}' },
        now,
      );
      if (end.type === 'ExecutionSucceeded') counts.succeeded++;
      if (!misfit) continue;
      counts.refused++;
      expect(end, record.test).toMatchObject({ type: 'ExecutionFailed' });
      expect(detailsOf(end).error, record.test).toBe(misfit.error);
    }
    expect(counts.succeeded).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(20);
  });

  test('an input that gets what is missed is not refused for it again', async () => {
    const files = readdirSync(material.path('asl/files')).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(150);
    let asked = 0;
    for (const file of files) {
      const checked = checkOf(material.text(`asl/files/${file}`));
      const first = await checked({ name: 'n', input: '{}' }, now);
      const names =
        first?.missing.flatMap(({ path }) => /^\$\.([A-Za-z_]\w*)$/.exec(path)?.slice(1) ?? []) ?? [];
      if (!first || names.length === 0) continue;
      asked++;
      const given = JSON.stringify(Object.fromEntries(names.map((name) => [name, 'x'])));
      const still = await checked({ name: 'n', input: given }, now);
      const again = still?.stateName === first.stateName ? still.missing.map(({ path }) => path) : [];
      expect(
        again.filter((path) => names.includes(path.slice(2))),
        file,
      ).toEqual([]);
    }
    expect(asked).toBeGreaterThan(20);
  });
});
