import { expect, test } from 'vitest';
import { answerFields } from '../../../src/workflow/answer/answer-fields.js';
import { findState } from '../../../src/workflow/definition/pauses.js';

/** The fields of a Task `Ask`, whose answer the state after it looks at. */
function fieldsOf(ask: object, next: object, language = 'JSONPath') {
  const definition = JSON.stringify({
    QueryLanguage: language,
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Next: 'Then',
        ...ask,
      },
      Then: next,
      A: { Type: 'Succeed' },
    },
  });
  const defined = findState(definition, 'Ask');
  return defined ? answerFields(defined).map(({ path, ...rest }) => ({ path: path.join('.'), ...rest })) : [];
}

test('what a Choice compares tells the kind and, of texts, the options', () => {
  const rule = (variable: string, comparison: object) => ({ Variable: variable, ...comparison, Next: 'A' });
  const fields = fieldsOf(
    { ResultPath: '$.answer' },
    {
      Type: 'Choice',
      Choices: [
        rule('$.answer.approved', { BooleanEquals: false }),
        rule('$.answer.budget', { NumericGreaterThan: 10 }),
        {
          And: [
            rule('$.answer.route', { IsPresent: true }),
            rule('$.answer.route', { StringEquals: 'express' }),
          ],
        },
        { Not: rule('$.answer.route', { StringEquals: 'ordinary' }) },
        rule("$.answer['緊急']", { BooleanEquals: true }),
        rule('$.somethingElse', { NumericEquals: 1 }),
      ],
    },
  );
  expect(fields).toEqual([
    { path: 'budget', kind: 'number', options: [] },
    { path: 'route', kind: 'text', options: ['express', 'ordinary'] },
    { path: '緊急', kind: 'boolean', options: [] },
  ]);
});

test("what is selected from a function's answer is a field without what is put around it", () => {
  const fields = fieldsOf(
    {
      ResultSelector: {
        'until.$': '$.Payload.until',
        'who.$': '$.Payload.by',
        'street.$': '$.Payload.to.street',
      },
    },
    { Type: 'Pass', End: true },
  );
  expect(fields).toEqual([
    { path: 'until', kind: 'any', options: [] },
    { path: 'to.street', kind: 'any', options: [] },
  ]);
});

test('JSONata: Assign and the conditions after it', () => {
  const fields = fieldsOf(
    { Assign: { level: '{% $states.result.level %}' } },
    {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input.level >= 3 and $states.input.team = 'ops' %}", Next: 'A' },
        { Condition: '{% $states.input.urgent = true %}', Next: 'A' },
      ],
      Default: 'A',
    },
    'JSONata',
  );
  expect(fields).toEqual([
    { path: 'level', kind: 'number', options: [] },
    { path: 'team', kind: 'text', options: ['ops'] },
    { path: 'urgent', kind: 'boolean', options: [] },
  ]);
});

test('where nothing is read there is nothing to fill in', () => {
  expect(fieldsOf({ ResultPath: null }, { Type: 'Pass', End: true })).toEqual([]);
  expect(fieldsOf({}, { Type: 'Succeed' })).toEqual([]);
});
