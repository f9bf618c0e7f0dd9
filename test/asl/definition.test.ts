import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DefinitionError, parseDefinition } from '../../src/asl/definition.js';
import { material } from '../shared.js';
import { LAMBDA, single } from './simulate.js';

/** The text that CreateStateMachine would show; undefined: accepted. */
function refusal(
  definition: object | string,
  type: 'STANDARD' | 'EXPRESS' = 'STANDARD',
): DefinitionError | undefined {
  try {
    parseDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition), type);
    return undefined;
  } catch (error) {
    if (error instanceof DefinitionError) return error;
    throw error;
  }
}

describe('refuses in the words of AWS', () => {
  test.each<[string, object | string, string]>([
    ['nothing', '', 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null'],
    ['no fields', {}, 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'],
    [
      'a field of another state',
      single({ Type: 'Pass', TimeoutSeconds: 5 }),
      "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/S",
    ],
    [
      'an unknown type',
      single({ Type: 'Nap' }),
      "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/S/Type",
    ],
    [
      'a missing target',
      { StartAt: 'S', States: { S: { Type: 'Pass', Next: 'X' }, E: { Type: 'Succeed' } } },
      `MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Next, MISSING_TRANSITION_TARGET: State "E" is not reachable. at /States/E`,
    ],
    [
      'no end',
      { StartAt: 'S', States: { S: { Type: 'Pass', Next: 'S' } } },
      'MISSING_END_STATE: Workflow has no terminal state at null',
    ],
    [
      'a timestamp without a zone',
      single({ Type: 'Wait', Timestamp: '2016-12-05T21:29:29' }),
      'SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Timestamp',
    ],
    [
      'a path that is none',
      single({ Type: 'Pass', Parameters: { 'a.$': 'nope' } }),
      "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/S/Parameters",
    ],
    [
      'a literal and its path',
      single({ Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' }),
      'SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/S',
    ],
    [
      'no reference path',
      single({ Type: 'Pass', ResultPath: '$.a[*]' }),
      'SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/S/ResultPath',
    ],
  ])('%s', (_what, definition, message) => {
    expect(refusal(definition)?.message).toBe(message);
  });

  test('what EXPRESS cannot do, also in the children of a map', () => {
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', MessageBody: 'm' },
    };
    expect(refusal(single(task))).toBeUndefined();
    expect(refusal(single(task), 'EXPRESS')?.message).toContain('at /States/S/Resource');
    const config = { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' };
    const map = { Type: 'Map', ItemProcessor: { ...single(task), ProcessorConfig: config } };
    expect(refusal(single(map))?.message).toContain('at /States/S/ItemProcessor/States/S/Resource');
  });

  test('JSON that is none', () => {
    expect(refusal('not a definition')?.diagnostics[0]?.code).toBe('INVALID_JSON_DESCRIPTION');
  });
});

const reading = (ReaderConfig: object, action = 's3:getObject') =>
  refusal(
    single({
      Type: 'Map',
      ItemReader: { Resource: `arn:aws:states:::${action}`, ReaderConfig },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'P',
        States: { P: { Type: 'Pass', End: true } },
      },
    }),
  )?.message;

test.each([
  [{ InputType: 'JSON', ItemsPointer: '/a' }, undefined],
  [{ ManifestType: 'S3_INVENTORY' }, undefined],
  [{ ManifestType: 'ATHENA_DATA', InputType: 'PARQUET' }, undefined],
  [{ Transformation: 'LOAD_AND_FLATTEN', InputType: 'JSONL' }, undefined],
  [{ InputType: 'CSV', ItemsPointer: '/a' }, "The field 'CSVHeaderLocation' is required"],
  [{ InputType: 'CSV', CSVHeaderLocation: 'GIVEN' }, "The field 'CSVHeaders' is required"],
  [{ Transformation: 'LOAD_AND_FLATTEN' }, "The field 'InputType' is required"],
  [{ ManifestType: 'S3_INVENTORY', InputType: 'CSV' }, "The field 'CSVHeaderLocation' is required"],
  [{ InputType: 'JSON', CSVHeaderLocation: 'FIRST_ROW' }, "Field 'CSVHeaderLocation' is not supported"],
  [{ InputType: 'JSONL', CSVHeaders: ['a'] }, "Field 'CSVHeaders' is not supported"],
])('what a Distributed Map reads: %j', (config, message) => {
  const found = reading(config);
  if (message === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(`${message} at /States/S/ItemReader/ReaderConfig`);
});

interface Labelled {
  id: string;
  definition: string;
  valid: boolean;
  awsValidated?: boolean;
  type?: 'STANDARD' | 'EXPRESS';
}

material.test('verdicts agree with those of AWS', () => {
  const all = material.table<Labelled>('asl-validity/validity.json');
  const judged = all.filter(({ awsValidated }) => awsValidated);
  const disagree = judged.filter(({ definition, type, valid }) => {
    const error = refusal(definition, type);
    return (error === undefined) !== valid;
  });
  expect(judged.length).toBeGreaterThan(200);
  expect(disagree.map(({ id }) => id)).toEqual([]);
});

material.test("the framework's own machines are accepted", () => {
  const files = readdirSync(material.path('framework-asl')).filter((name) => name !== 'index.json');
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const text = material.text(`framework-asl/${file}`).replace(/\$\{AWS::Partition\}/g, 'aws');
    expect([file, refusal(text.replace(/\$\{[^}]*\}/g, LAMBDA))?.message]).toEqual([file, undefined]);
  }
});
