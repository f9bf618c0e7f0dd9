// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what is tested
import { expect, test } from 'vitest';
import { lintText } from '../../src/lint/lint.js';

const lint = async (text: string) =>
  (await lintText('m.asl.json', text, { framework: false, read: async () => undefined })).findings;

/** `value` where a number, a boolean or more of the machine belongs; an unknown field after it tells that places hold. */
const machine = (value: string): string => `{
  "StartAt": "Choose",
  "States": {
    "Choose": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.n", "NumericGreaterThan": ${value}, "Next": "End" }],
      "Default": "End"
    },
    "End": { "Type": "Pass", "Nonsense": 1, "End": true }
  }
}`;

test.each([
  '${limit}',
  '${ var.limits["a"] }',
  '-${limit}',
  '${a}${b}',
  '{{ limit }}',
  '<%= limit %>',
  '${jsonencode({a = 1})}',
])(
  'an unquoted placeholder %s is a value that nobody can judge, and all else is judged in its place',
  async (value) => {
    const findings = await lint(machine(value));
    expect(findings).toEqual([
      expect.objectContaining({ line: 9, column: 5, severity: 'error', code: 'SCHEMA_VALIDATION_FAILED' }),
    ]);
    expect(findings).toEqual(await lint(machine('1')));
  },
);

test('what is no JSON beside a placeholder is still said in its own place', async () => {
  expect(await lint('{"StartAt": ${a},\n "States": nope}')).toEqual([
    expect.objectContaining({
      line: 2,
      code: 'INVALID_JSON_DESCRIPTION',
      message: expect.stringContaining('nope'),
    }),
  ]);
  expect(await lint('{"StartAt": ${a')).toEqual([
    expect.objectContaining({ line: 1, code: 'INVALID_JSON_DESCRIPTION' }),
  ]);
});
