import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, diagnose } from '../../../src/asl/definition.js';
import type { Json } from '../../../src/json/json.js';
import { JsonSyntaxError, parseJsonSource, positionOf } from '../../../src/json/json-positions.js';
import { differs, judgedDefinitions } from '../../conformance/validity.js';
import { material } from '../../shared.js';
import { mutatedDefinitions } from '../mutate.js';
import { LAMBDA, single } from '../simulate.js';

const brief = ({ code, message, location }: Diagnostic): string =>
  `${code}: ${message} at ${location ?? 'null'}`;
const found = async (definition: object): Promise<string[]> =>
  (await diagnose(JSON.stringify(definition))).map(brief);

/** One Pass state of a JSONata machine. */
const jsonata = (state: object): object => ({
  QueryLanguage: 'JSONata',
  ...single({ Type: 'Pass', ...state }),
});

describe('JSONata is parsed as AWS does at create', () => {
  test.each([
    ['a[1,2)', 'INVALID_JSONATA_EXPRESSION: Expected "]", got ","'],
    ['"open', 'INVALID_JSONATA_EXPRESSION: String literal must be terminated by a matching quote'],
    ['1 +', 'INVALID_JSONATA_EXPRESSION: Unexpected end of expression'],
    ['{"a":}', 'INVALID_JSONATA_EXPRESSION: The symbol "}" cannot be used as a unary operator'],
    ['', 'INVALID_JSONATA_EXPRESSION: Unexpected end of expression'],
    ...[
      '$states.input.a ?? 1',
      '$states.input.items[price ?? 1 > 2]',
      '$states.input.items^(>price ?? 0)',
      '$states.input.items{name: price ?? 0}',
      '$map($states.input.a, function($x){ $x.b ?? 1 })',
      '$states.input ~> |a|{"b": c ?? 1}|',
      '$f($states.input.a ?? 1) & ($states.input.a ?: 1)',
      // 2.0 does not come as far as what is wrong behind it, or to what refers to nothing.
      '"?:" & `?:` & (1 ?? phone',
      'phone /* ?: */ ?? 1',
    ].map((expression) => [
      expression,
      'INVALID_JSONATA_EXPRESSION: The symbol "?" cannot be used as a unary operator',
    ]),
    ['[$a ?: 1, $b ?? 2]', 'INVALID_JSONATA_EXPRESSION: The symbol ":" cannot be used as a unary operator'],
    ['phone', "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported."],
    [
      '$map($states.input.a, function($x){ b })',
      "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'b' at the top level is not supported.",
    ],
    ['{aaa: 1}', "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'aaa' at the top level is not supported."],
    ['$', "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported."],
    ['$$', "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported."],
    ['$states.errorOutput', "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist."],
    ['$states.result.a', "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist."],
  ])('%s', async (expression, refusal) => {
    expect(await found(jsonata({ Output: { v: [`{%${expression}%}`] } }))).toEqual([
      `${refusal} at /States/S/Output/v[0]`,
    ]);
  });

  test.each([
    '$states.input.items[price > 1].name',
    '$states.input.a ~> $sum()',
    '$states.context.Execution.Id',
    '($x := $states.input.a; $x.b[$y = c].d)',
    '$states.input.a ? "b" : "c"',
    '$merge([$states.input, {"a": $undefinedYet}])',
    '$states.input.account.order{ id: total }',
    '/ab+/i',
    '/a??b/',
    '"a ?? b" & $states.input.`c ?: d` /* ?? */',
    '$states.input.a ? ($states.input.b ? 1 : 2) : 3',
    '$map(?, function($x){ $x })',
  ])('%s is fine', async (expression) => {
    expect(await found(jsonata({ Output: `{% ${expression} %}` }))).toEqual([]);
  });

  test('what only some fields may read', async () => {
    const machine = (Catch: object, task: object = {}): object => ({
      QueryLanguage: 'JSONata',
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task',
          Resource: LAMBDA,
          Catch: [{ ErrorEquals: ['E'], Next: 'E', ...Catch }],
          Next: 'E',
          ...task,
        },
        E: { Type: 'Succeed' },
      },
    });
    const assign = { Assign: { e: '{% $states.errorOutput.Cause %}' } };
    expect(await found(machine(assign, { Output: '{% $states.result %}' }))).toEqual([]);
    expect(await found(machine({ Output: '{% $states.result %}' }))).toHaveLength(1);
    expect(await found(machine({}, { Arguments: '{% $states.result %}' }))).toHaveLength(1);
  });
});

describe('query languages', () => {
  test('a field of the other language is refused at the state', async () => {
    const text = (is: string, field: string, needs: string): string =>
      `SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to '${is}', but field '${field}' is only supported for the '${needs}' QueryLanguage at /States/S`;
    expect(await found(single({ Type: 'Pass', Output: 1 }))).toEqual([text('JSONPath', 'Output', 'JSONata')]);
    expect(await found(jsonata({ InputPath: '$.a' }))).toEqual([text('JSONata', 'InputPath', 'JSONPath')]);
  });

  test('no way back to JSONPath, and then nothing more about its fields', async () => {
    expect(await found(jsonata({ QueryLanguage: 'JSONPath', Output: 1 }))).toEqual([
      "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/S",
    ]);
  });

  test('a state inside a JSONata Map of a JSONPath machine is JSONPath', async () => {
    const inner = (state: object): object =>
      single({
        Type: 'Map',
        QueryLanguage: 'JSONata',
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true, ...state } } },
      });
    expect(await found(inner({ InputPath: '$.a' }))).toEqual([]);
    expect(await found(inner({ Output: 1 }))).toHaveLength(1);
  });
});

test('variables: names, and those of an outer scope', async () => {
  const nested = (processor: object): object =>
    single({
      Type: 'Map',
      Assign: { outer: 1 },
      ItemProcessor: {
        ...processor,
        StartAt: 'P',
        States: { P: { Type: 'Pass', Assign: { outer: 2 }, End: true } },
      },
    });
  expect(await found(nested({}))).toEqual([
    "DUPLICATE_VARIABLE_NAME: The variable name 'outer' was already defined in a parent scope. at /States/S/ItemProcessor/States/P/Assign",
  ]);
  expect(
    await found(nested({ ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } })),
  ).toEqual([]);
  expect(await found(single({ Type: 'Pass', Assign: { 'a-b': 1, states: 2, 'good.$': '$.a' } }))).toEqual([
    "INVALID_VARIABLE_NAME: Invalid variable name 'a-b': the variable name contains invalid characters. at /States/S/Assign",
    "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/S/Assign",
  ]);
});

describe("what a Task's Resource can be", () => {
  const task = (resource: string, more: object = {}): object =>
    single({ Type: 'Task', Resource: resource, ...more });
  const UNKNOWN =
    'is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.';

  test.each([
    'arn:aws:states:::dynamodb:query',
    'arn:aws:states:::foo:bar',
    'arn:aws:states:::lambda:invoke.sync',
    'arn:aws:states:::sqs:sendMessage.sync:2',
    'arn:aws:states:::states:startExecution.sync:3',
    'arn:aws:states:::states:startExecution.',
    'arn:aws:states:::dynamodb:putItem.waitForTaskToken',
    'arn:aws:states:::aws-sdk:dynamodb:PutItem',
    'arn:aws:states:::aws-sdk:dynamodb:puttItem',
    'arn:aws:states:::aws-sdk:nosuch:getItem',
    'arn:aws:states:::aws-sdk:s3:getObject.sync',
    'arn:aws:states:::aws-sdk:sts:assumeRole',
    'arn:aws:sqs:us-east-1:123456789012:queue',
    'arn:aws:lambda:us-east-1:123456789012:function:f:a:b',
  ])('%s is none', async (resource) => {
    expect(await found(task(resource))).toEqual([
      `SCHEMA_VALIDATION_FAILED: The resource provided ${resource} ${UNKNOWN} at /States/S/Resource`,
    ]);
  });

  test.each([
    'arn:aws:states:::aws-sdk:dynamodb:query',
    'arn:aws:states:::aws-sdk:rds:deleteDBCluster',
    'arn:aws-us-gov:states:::aws-sdk:sfn:startExecution.waitForTaskToken',
    'arn:aws:states:::aws-sdk:lookoutvision:startModel',
    'arn:aws:states:::sagemaker:createModel',
    'arn:aws:states:::emr-serverless:startJobRun.sync',
    'arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST',
    'arn:aws:states:us-east-1:123456789012:activity:a',
  ])('%s is one', async (resource) => expect(await found(task(resource))).toEqual([]));

  test.each<[string, object, string]>([
    ['my-worker', {}, 'Value is not a valid resource ARN at /States/S/Resource'],
    [
      'arn:aws:states:us-east-1:123456789012:activity:a',
      { Credentials: { RoleArn: 'arn:aws:iam::123456789012:role/r' } },
      "The field 'Credentials' is not supported for activities at /States/S",
    ],
  ])('%s is refused', async (resource, more, message) => {
    expect(await found(task(resource, more))).toEqual([`SCHEMA_VALIDATION_FAILED: ${message}`]);
  });
});

describe("AWS's words", () => {
  const choice = (...rules: object[]): object => ({
    StartAt: 'C',
    States: { C: { Type: 'Choice', Choices: rules, Default: 'E' }, E: { Type: 'Succeed' } },
  });
  const map = (more: object): object =>
    single({
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'P',
        States: { P: { Type: 'Pass', End: true } },
      },
      ...more,
    });
  const reader = (ReaderConfig: object): object =>
    map({
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig,
        Parameters: { Bucket: 'b', Key: 'k' },
      },
    });
  const WAITS = '[SecondsPath, Seconds, TimestampPath, Timestamp]';
  const KINDS = '[And, Or, Not, Variable, Condition]';

  test.each<[string, object, string]>([
    [
      'no time',
      single({ Type: 'Wait' }),
      `This object should have only one of the following fields: ${WAITS}`,
    ],
    [
      'two times',
      single({ Type: 'Wait', Seconds: 1, TimestampPath: '$.t' }),
      `There should only be one of the following fields: ${WAITS}`,
    ],
    ['a fraction', single({ Type: 'Wait', Seconds: 1.5 }), 'Expected value of type Integer'],
    ['no integer', single({ Type: 'Wait', Seconds: '1' }), 'Expected value of type Integer'],
    [
      'no way out',
      { StartAt: 'S', States: { S: { Type: 'Pass' }, E: { Type: 'Succeed' } } },
      'This object should have only one of the following fields: [Next, End]',
    ],
    [
      'two ways out',
      single({ Type: 'Pass', Next: 'S' }),
      'There should only be one of the following fields: [Next, End]',
    ],
    ['no states', { StartAt: 'S', States: {} }, 'Value cannot be empty'],
    [
      'a rule of nothing',
      choice({ Next: 'E' }),
      `The object must have only one of the following fields, ${KINDS}`,
    ],
    [
      'a rule without a comparison',
      choice({ Variable: '$.a', Next: 'E' }),
      'This object should have only one of the following fields: [StringEquals, IsBoolean, StringLessThan, ',
    ],
    [
      'a rule of two comparisons',
      choice({ Variable: '$.a', IsNull: true, IsPresent: true, Next: 'E' }),
      'There should only be one of the following fields: [StringEquals, IsBoolean, StringLessThan, ',
    ],
    [
      'a variable that is no path',
      choice({ Variable: 'a', IsNull: true, Next: 'E' }),
      "Value is not a Reference Path: Reference path didn't start with '$'",
    ],
    [
      'States.ALL among others',
      single({ Type: 'Task', Resource: LAMBDA, Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }),
      'States.ALL must appear alone and at end of list',
    ],
    [
      'States.ALL before others',
      single({
        Type: 'Task',
        Resource: LAMBDA,
        Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }],
      }),
      'States.ALL must appear alone and at end of list',
    ],
    [
      'no processor',
      single({ Type: 'Map' }),
      'This object should have only one of the following fields: [ItemProcessor, Iterator]',
    ],
    ['CSV without its header', reader({ InputType: 'CSV' }), "The field 'CSVHeaderLocation' is required"],
    [
      'JSON with a header',
      reader({ InputType: 'JSON', CSVHeaderLocation: 'FIRST_ROW' }),
      "Field 'CSVHeaderLocation' is not supported",
    ],
    [
      'JSON Lines with headers',
      reader({ InputType: 'JSONL', CSVHeaders: ['a'] }),
      "Field 'CSVHeaders' is not supported",
    ],
    ['a half expression', jsonata({ Output: '{% 1' }), 'JSONata string must start with {% and end with %}'],
  ])('%s', async (_what, definition, message) => {
    const [first, ...others] = await found(definition);
    expect(first).toContain(`SCHEMA_VALIDATION_FAILED: ${message}`);
    expect(others).toEqual([]);
  });

  test('a name that comes twice, anywhere', async () => {
    const [twice] = await diagnose(
      '{"StartAt":"A","States":{"A":{"Type":"Succeed"},"A":{"Type":"Succeed"}}}',
    );
    expect(twice).toMatchObject({ code: 'INVALID_JSON_DESCRIPTION', severity: 'ERROR' });
    expect(twice?.message).toContain("Duplicate field 'A'\n at [Source: ");
  });

  test.each(['', ' \n', '[]', '"text"', 'null'])('%j is no definition', async (text) => {
    expect(await diagnose(text)).toEqual([
      {
        severity: 'ERROR',
        code: 'SCHEMA_VALIDATION_FAILED',
        message: 'Definition must be a valid JSON object',
      },
    ]);
  });
});

test('only the machine itself needs an end; a dangling target comes first', async () => {
  const loop = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } };
  expect(await found(loop)).toEqual(['MISSING_END_STATE: Workflow has no terminal state at null']);
  expect(await found(single({ Type: 'Map', ItemProcessor: loop }))).toEqual([]);
  expect(await found({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'X' } } })).toEqual([
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next",
    'MISSING_END_STATE: Workflow has no terminal state at null',
  ]);
});

test("AWS's warnings refuse nothing", async () => {
  const state = { Type: 'Pass', Parameters: { 'a.$': '$.a', b: '$.b', c: '$5 off' } };
  const warnings = await diagnose(JSON.stringify(single(state)));
  expect(warnings).toMatchObject([
    { severity: 'WARNING', code: 'NO_DOLLAR', location: '/States/S/Parameters/b' },
  ]);
  expect(await diagnose(JSON.stringify(single({ Type: 'Pass', Result: { a: '$.a' } })))).toMatchObject([
    { severity: 'WARNING', code: 'PASS_RESULT_IS_STATIC' },
  ]);
  const choice = {
    Type: 'Choice',
    Choices: [{ Not: { Variable: '$.a', StringEquals: '$.b' }, Next: 'F' }],
  };
  const fail = { Type: 'Fail', Error: '$.error', CausePath: '$.cause' };
  const machine = { StartAt: 'C', States: { C: choice, F: fail } };
  expect(await diagnose(JSON.stringify(machine))).toMatchObject([
    { severity: 'WARNING', code: 'NO_PATH', location: '/States/C/Choices[0]/Not/StringEquals' },
    { severity: 'WARNING', code: 'NO_PATH', location: '/States/F/Error' },
  ]);
});

test('JSON that is none, as recorded on AWS', async () => {
  expect(await diagnose('not a definition')).toEqual([
    {
      severity: 'ERROR',
      code: 'INVALID_JSON_DESCRIPTION',
      message:
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]",
      location: '[Source: (String)"not a definition"; line: 1, column: 4]',
    },
  ]);
});

describe('positions in JSON', () => {
  test('the parser agrees with JSON.parse, on what is JSON and on what is none', () => {
    const spoilt = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '}', ',', '\\', 'x', '0'))
      .map(
        ([text, at, piece]) =>
          text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(fc.oneof(fc.json(), spoilt), (text) => {
        let expected: Json | undefined;
        try {
          expected = JSON.parse(text) as Json;
        } catch {
          expect(() => parseJsonSource(text)).toThrow(JsonSyntaxError);
          return;
        }
        expect(parseJsonSource(text).value).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('each member is where its text is', () => {
    const text = '{\n  "a": [1,\r\n {"b": "é"}]}';
    const node = parseJsonSource(text).root.members?.get('a')?.members?.get(1)?.members?.get('b');
    expect(text.slice(node?.start, node?.end)).toBe('"é"');
    expect(positionOf(text, node?.keyStart ?? 0)).toEqual({ line: 3, column: 3 });
  });
});

test('whatever is written, there is a verdict, and each place in it exists', async () => {
  await fc.assert(
    fc.asyncProperty(
      mutatedDefinitions(),
      fc.constantFrom('STANDARD' as const, 'EXPRESS' as const),
      async (definition, type) => {
        const text = JSON.stringify(definition);
        for (const { place = [] } of await diagnose(text, type)) {
          let node: Json | undefined = JSON.parse(text) as Json;
          for (const step of place) node = (node as Record<string | number, Json> | undefined)?.[step];
          expect(node).toBeDefined();
        }
      },
    ),
    { numRuns: 1500 },
  );
});

material.describe('agrees with others', () => {
  test('with AWS always, with linters as far as they know AWS', async () => {
    const all = judgedDefinitions(material.path('asl-validity'));
    const verdicts = await Promise.all(all.map(async (one) => ({ one, why: await differs(one) })));
    const differing = verdicts.filter(({ why }) => why !== undefined);
    expect(differing.filter(({ one }) => one.awsValidated)).toEqual([]);
    expect(all.length).toBeGreaterThan(300);
    // statelint's examples name resources that AWS has not, and a linter's call has a literal that AWS judges when it runs.
    expect(1 - differing.length / all.length).toBeGreaterThanOrEqual(0.94);
  });

  test('real machines are accepted, or refused by a rule of AWS', async () => {
    const files = material.table<{ file: string; label: string }>('asl/index.json');
    const refused = new Map<string, number>();
    for (const { file, label } of files) {
      const text = material
        .text(`asl/${file}`)
        .replace(/arn:\$\{[^}]*\}:/g, 'arn:aws:')
        .replace(/(?<="Resource": *"arn:aws:lambda:)[^"]*/g, 'us-east-1:123456789012:function:f')
        .replace(/\$\{[^}]*\}/g, LAMBDA);
      const errors = (await diagnose(text)).filter(({ severity }) => severity === 'ERROR');
      if (label === 'invalid') expect([file, errors.length]).not.toEqual([file, 0]);
      if (errors.length > 0) refused.set(label, (refused.get(label) ?? 0) + 1);
    }
    // A number in place of which stands a placeholder, services of other engines, fields that do not exist.
    expect(refused.get('unknown') ?? 0).toBeLessThanOrEqual(13);
    expect(refused.get('valid') ?? 0).toBeLessThanOrEqual(8);
  });
});
