import { describe, expect, test } from 'vitest';
import { evaluateJsonata } from '../../../src/asl/data/evaluate-jsonata.mjs';
import type { Json, JsonObject } from '../../../src/json/json.js';
import { shapeAnswer } from '../../../src/workflow/answer/answer-shape.js';
import { findState } from '../../../src/workflow/definition/pauses.js';

const arn = 'arn:aws:states:ap-northeast-1:101010101010:';

function shaped(wait: JsonObject, value: Json, after: JsonObject = { Type: 'Succeed' }, variables = {}) {
  const states = {
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { FunctionName: 'f', Payload: { 'taskToken.$': '$$.Task.Token' } },
      Next: 'After',
      ...wait,
    },
    After: after,
    Yes: { Type: 'Succeed' },
    No: { Type: 'Fail', Error: 'Refused' },
  };
  const defined = findState(JSON.stringify({ StartAt: 'Wait', States: states }), 'Wait');
  if (!defined) throw new Error('no state');
  return shapeAnswer(
    {
      defined,
      input: '{"requestId":"r-1","order":{"id":7}}',
      executionInput: '{"requestId":"r-1","from":"start"}',
      executionArn: `${arn}execution:m:e`,
      stateMachineArn: `${arn}stateMachine:m`,
      variables,
    },
    value,
    evaluateJsonata,
  );
}

const choice = (variable: string): JsonObject => ({
  Type: 'Choice',
  Choices: [{ Variable: variable, BooleanEquals: true, Next: 'Yes' }],
  Default: 'No',
});
const approved = { approved: true };
/** A state in JSONata has Arguments instead. */
const jsonata: JsonObject = {
  Parameters: undefined as never,
  Arguments: { FunctionName: 'f', Payload: { token: '{% $states.context.Task.Token %}' } },
};
const choiceInJsonata: JsonObject = {
  Type: 'Choice',
  QueryLanguage: 'JSONata',
  Choices: [{ Condition: '{% $states.input.Payload.approved = true %}', Next: 'Yes' }],
  Default: 'No',
};

describe('the form that the waiting state can digest', () => {
  test.each<[string, JsonObject, JsonObject | undefined, Json]>([
    ['nothing is asked for', {}, undefined, approved],
    ['OutputPath into a function’s answer', { OutputPath: '$.Payload' }, undefined, { Payload: approved }],
    ['the framework’s', { OutputPath: '$.Payload[0][0]' }, undefined, { Payload: [[approved]] }],
    ['behind ResultPath', { ResultPath: '$.a', OutputPath: '$.a.Payload' }, undefined, { Payload: approved }],
    ['OutputPath beside the result', { ResultPath: '$.a', OutputPath: '$.order' }, undefined, approved],
    [
      'ResultSelector, a member',
      { ResultSelector: { 'ok.$': '$.Payload.approved' } },
      undefined,
      { Payload: approved },
    ],
    [
      'ResultSelector, the whole',
      { ResultSelector: { 'all.$': '$.Payload' } },
      undefined,
      { Payload: approved },
    ],
    [
      'ResultSelector and a constant',
      { ResultSelector: { x: 1, 'ok.$': '$.approved' } },
      undefined,
      approved,
    ],
    ['the Choice after it reads it as it is', {}, choice('$.approved'), approved],
    ['… in a function’s answer', {}, choice('$.Payload.approved'), { Payload: approved }],
    ['… behind ResultPath', { ResultPath: '$.d' }, choice('$.d.body.approved'), { body: approved }],
    [
      'an intrinsic function looks into it',
      { ResultSelector: { 't.$': "States.Format('{}', $.body.approved)" } },
      undefined,
      { body: approved },
    ],
    [
      'JSONata reads a function’s answer',
      { QueryLanguage: 'JSONata', Output: '{% $states.result.Payload %}', ...jsonata },
      undefined,
      { Payload: approved },
    ],
    [
      'JSONata reads a member',
      { QueryLanguage: 'JSONata', Output: { ok: '{% $states.result.approved %}' }, ...jsonata },
      undefined,
      approved,
    ],
    [
      'JSONata, and the Choice after it',
      { QueryLanguage: 'JSONata', ...jsonata },
      choiceInJsonata,
      { Payload: approved },
    ],
    ['a quoted name', { OutputPath: "$['Pay load']" }, undefined, { 'Pay load': approved }],
  ])('%s', async (_, wait, after, sent) => {
    const answer = await shaped(wait, approved, after);
    expect(answer.output).toEqual(sent);
    expect(answer.trial).toMatchObject({ breaks: false });
  });

  test('a value that has the form already is left alone', async () => {
    const wrapped = { Payload: [[{ result: 0 }]] };
    expect((await shaped({ OutputPath: '$.Payload[0][0]' }, wrapped)).output).toEqual(wrapped);
  });

  test('says where it goes, and with what', async () => {
    expect((await shaped({}, approved, choice('$.approved'))).trial).toMatchObject({
      entered: ['After', 'Yes'],
      output: '{"approved":true}',
      ended: { status: 'SUCCEEDED' },
    });
    // The author's own way to say no: nothing breaks.
    expect((await shaped({}, { approved: false }, choice('$.approved'))).trial).toMatchObject({
      entered: ['After', 'No'],
      ended: { status: 'FAILED', error: 'Refused' },
      breaks: false,
    });
  });

  test('what no form can help breaks, with AWS’s reason', async () => {
    const selector = { ResultSelector: { 'who.$': '$.decidedBy', 'why.$': '$.approved' } };
    const { output, trial } = await shaped(selector, approved);
    expect(output).toEqual(approved);
    expect(trial).toMatchObject({ breaks: true, ended: { error: 'States.Runtime' } });
    expect(trial?.ended?.cause).toContain('$.decidedBy');
    expect((await shaped({}, {}, choice('$.approved'))).trial?.breaks).toBe(true);
  });

  test('an answer that only a Catch would take is no good answer', async () => {
    const wait = {
      QueryLanguage: 'JSONata',
      Output: '{% $states.result.approved + 1 %}',
      ...jsonata,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'No' }],
    };
    expect((await shaped(wait, approved)).trial).toMatchObject({
      breaks: true,
      ended: { error: 'States.QueryEvaluationError' },
    });
  });

  test('variables, the context object and the execution’s input are there', async () => {
    const selector = { ResultSelector: { 'a.$': '$limit', 'b.$': '$$.Execution.Input.from' } };
    expect((await shaped(selector, approved, undefined, { limit: 5 })).trial?.output).toBe(
      '{"a":5,"b":"start"}',
    );
  });
});
