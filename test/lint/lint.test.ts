import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.js';
import type { FindOptions } from '../../src/lint/find-machines.js';
import { type Finding, lintText } from '../../src/lint/lint.js';
import { rules } from '../../src/lint/rules/index.js';
import { material } from '../shared.js';
import { synthesise } from '../template/cdk.js';

const options = (more: Partial<FindOptions> = {}): FindOptions => ({
  framework: false,
  read: async () => undefined,
  ...more,
});
const lint = async (text: string, more?: Partial<FindOptions>, file = 'm.asl.json'): Promise<Finding[]> =>
  (await lintText(file, text, options(more))).findings;
const lintJson = (definition: object, more?: Partial<FindOptions>): Promise<Finding[]> =>
  lint(JSON.stringify(definition, null, 2), more);
const codes = (findings: Finding[]): string[] => [...new Set(findings.map(({ code }) => code))];

const INVOKE = 'arn:aws:states:::lambda:invoke';
const RETRY = [{ ErrorEquals: ['States.ALL'] }];
const PAYLOAD = { 'input.$': '$', 'context.$': '$$' };
const task = (more: object = {}): JsonObject =>
  ({
    Type: 'Task',
    Resource: INVOKE,
    Parameters: { FunctionName: 'f', Payload: PAYLOAD },
    OutputPath: '$.Payload[0][0]',
    Retry: RETRY,
    End: true,
    ...more,
  }) as JsonObject;
const one = (state: object): JsonObject =>
  ({ StartAt: 'S', States: { S: { End: true, ...state } } }) as JsonObject;
const mapOf = (more: object, mode: object = { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }): JsonObject =>
  one({
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: mode, StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
    ...more,
  });
const READER = {
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
  Parameters: { 'Bucket.$': '$.b', 'Key.$': '$.k' },
};
const two = (first: object, second: object): JsonObject => ({
  StartAt: 'A',
  States: {
    A: { ...first, End: undefined, Next: 'B' } as unknown as JsonObject,
    B: { End: true, ...second } as JsonObject,
  },
});

/** Each rule: what it catches, and what it leaves alone. */
const samples: Record<string, { caught: () => Promise<Finding[]>; left: () => Promise<Finding[]> }> = {
  MF001: {
    caught: () => lintJson(task0({})),
    left: () => lintJson(task0({ TimeoutSeconds: 60 })),
  },
  MF002: {
    caught: () => lintJson(one(task({ Retry: undefined }))),
    left: () => lintJson(one(task())),
  },
  MF003: {
    caught: () =>
      lintJson(
        one(task({ Retry: [{ ErrorEquals: ['Lambda.ServiceException', 'Lambda.SdkClientException'] }] })),
      ),
    left: () => lintJson(one(task())),
  },
  MF004: {
    caught: () => lintJson(caughtBy({ ResultPath: null })),
    left: () => lintJson(caughtBy({ ResultPath: '$.error' })),
  },
  MF005: {
    caught: () => lintJson(caughtBy({})),
    left: () => lintJson(caughtBy({ ResultPath: '$.error' })),
  },
  MF006: {
    caught: () => lintJson(one(task({ OutputPath: undefined }))),
    left: () => lintJson(one(task())),
  },
  MF007: {
    caught: () => lintJson(task0({ Parameters: { FunctionName: 'f', Payload: { 'a.$': '$.a' } } })),
    left: () => lintJson(answerable),
  },
  MF008: {
    caught: () =>
      lintJson(task0({ Parameters: { FunctionName: 'f', Payload: { 'taskToken.$': '$$.Task.Token' } } }), {
        framework: true,
      }),
    left: () => lintJson(answerable, { framework: true }),
  },
  MF009: {
    caught: () => lintJson(one(task()), { name: 'task-handler' }),
    left: () => lintJson(one(task()), { name: 'dev-app-sfn-task-handler' }),
  },
  MF010: {
    caught: () => lintJson(mapOf({ ItemReader: READER, ItemBatcher: { MaxInputBytesPerBatch: 10 } })),
    left: () => lintJson(mapOf({ ItemBatcher: { MaxItemsPerBatch: 100, MaxInputBytesPerBatch: 200_000 } })),
  },
  MF011: {
    caught: () =>
      lintJson(
        one({
          Type: 'Map',
          ItemProcessor: {
            StartAt: 'A',
            States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
          },
        }),
      ),
    left: () =>
      lintJson({
        StartAt: 'A',
        States: {
          A: { Type: 'Pass', Next: 'C' },
          C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'A' }], Default: 'D' },
          D: { Type: 'Succeed' },
        },
      }),
  },
  MF012: {
    caught: () => lintJson(mapOf({ ItemReader: READER })),
    left: () => lintJson(mapOf({ ItemReader: READER, ResultPath: null })),
  },
  MF013: {
    caught: () =>
      lintJson(two(task({ OutputPath: undefined }), { Type: 'Pass', Parameters: { 'x.$': '$.result' } })),
    left: () => lintJson(two(task(), { Type: 'Pass', Parameters: { 'x.$': '$.result' } })),
  },
  MF014: {
    caught: () => lint(template({ Policies: [] }), {}, 't.json'),
    left: () => lint(template({ Policies: [policy('lambda:Invoke*')] }), {}, 't.json'),
  },
  MF015: {
    caught: () => lintJson(mapOf({ ResultWriter: writer('your-import-bucket-name') })),
    left: () => lintJson(mapOf({ ResultWriter: writer('dev-app-ddb-attributes') })),
  },
  MF016: {
    caught: () => lintJson(mapOf({ ItemReader: READER })),
    left: () => lintJson(mapOf({ ToleratedFailurePercentage: 100 })),
  },
  MF017: {
    caught: () => lint(template({}, '/my/logs'), {}, 't.json'),
    left: () => lint(template({}, '/aws/vendedlogs/states/dev-app-x-logs'), {}, 't.json'),
  },
  MF018: {
    caught: () => lint(template({}), {}, 't.json'),
    left: () => lint(template({}, '/aws/vendedlogs/states/dev-app-x-logs'), {}, 't.json'),
  },
  MF019: {
    caught: () => lintJson(one({ Type: 'Wait', Seconds: 600 }), { type: 'EXPRESS' }),
    left: () => lintJson(one({ Type: 'Wait', Seconds: 600 }), { type: 'STANDARD' }),
  },
  MF020: {
    caught: () => lintJson(choosing({})),
    left: () => lintJson(choosing({ Default: 'D' })),
  },
  MF022: {
    caught: () => lintJson(mapOf({ Label: 'x' }, { Mode: 'INLINE' })),
    left: () => lintJson(mapOf({ Label: 'x', ToleratedFailurePercentage: 5 })),
  },
  MF023: {
    caught: () => lintJson(one(task({ Retry: [...RETRY, { ErrorEquals: ['MyError'] }] }))),
    left: () =>
      lintJson(one(task({ Retry: [{ ErrorEquals: ['Runtime.UnhandledPromiseRejection'] }, ...RETRY] }))),
  },
  MF024: {
    caught: () => lint(JSON.stringify(deployedWith('states:StartExecution')), {}, 't.template.json'),
    left: () => lint(JSON.stringify(deployedWith('states:SendTask*')), {}, 't.template.json'),
  },
  MF025: {
    caught: () => lintJson(one(task()), { name: 'dev-app-order', routes: () => false }),
    left: () => lintJson(one(task()), { name: 'dev-app-command-handler', routes: () => false }),
  },
};

/** A machine that waits for its function, whose role allows one action on the machine. */
function deployedWith(action: string): object {
  const definition = task0({
    Parameters: {
      FunctionName: { 'Fn::GetAtt': ['Fn', 'Arn'] },
      Payload: { ...PAYLOAD, 'taskToken.$': '$$.Task.Token' },
    },
    TimeoutSeconds: 60,
  });
  const Resource = 'arn:aws:states:eu-west-1:111122223333:stateMachine:dev-app-order';
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: action, Resource }] };
  return {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument }] } },
      Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'dev-app-order',
          RoleArn: 'arn:aws:iam::1:role/x',
          Definition: definition,
        },
      },
    },
  };
}

test('a machine is known by the name of its file, and a route by any part of its name', async () => {
  const routes = (machine: string): boolean => machine.includes('order');
  expect(codes(await lintJson(one(task()), { routes }))).toEqual(['MF025']);
  const named = await lint(JSON.stringify(one(task())), { routes }, 'infra/order-approval.asl.json');
  expect(codes(named)).toEqual([]);
});

test('a function that is called by its ARN gets what the parameters say', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's
  const direct = (more: object) => one({ Type: 'Task', Resource: '${LambdaArn}', Retry: RETRY, ...more });
  expect(codes(await lintJson(direct({}), { framework: true }))).toEqual(['MF008']);
  const Parameters = { 'input.$': '$', 'context.$': '$$' };
  expect(codes(await lintJson(direct({ Parameters }), { framework: true }))).toEqual([]);
});

test('what a Catch takes does not fail the execution; one expected error may be dropped', async () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'B' }];
  const [found] = await lintJson(two(task({ Catch, Retry: undefined }), { Type: 'Pass' }));
  expect(found).toMatchObject({ code: 'MF002', message: expect.stringContaining("goes to 'B'") });
  const expected = { ErrorEquals: ['Glue.ConcurrentRunsExceededException'], ResultPath: null };
  expect(codes(await lintJson(caughtBy(expected)))).not.toContain('MF004');
});

test.each([
  ['of parameters alone', { AWSTemplateFormatVersion: '2010-09-09', Parameters: { A: { Type: 'String' } } }],
  ['of a serverless.yml', { service: 'a', provider: { name: 'aws' }, functions: {} }],
])('a template without state machines has no findings: %s', async (_, template) => {
  expect(await lint(JSON.stringify(template), {}, 'template.json')).toEqual([]);
});

test('a longer name that ends with task is nobody’s but its own', async () => {
  expect(codes(await lintJson(one(task()), { name: 'dev-app-order-task' }))).toEqual([]);
  expect(codes(await lintJson(one(task()), { name: 'dev-app-task-handler' }))).toEqual(['MF009']);
});

const answerable = task0({
  Parameters: { FunctionName: 'f', Payload: { ...PAYLOAD, 'taskToken.$': '$$.Task.Token' } },
});
function task0(more: object): JsonObject {
  return one(
    task({
      Resource: `${INVOKE}.waitForTaskToken`,
      Parameters: { FunctionName: 'f', Payload: PAYLOAD },
      ...more,
    }),
  );
}
function caughtBy(catcher: object): JsonObject {
  return two(task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B', ...catcher }] }), { Type: 'Pass' });
}
function writer(bucket: string): object {
  return { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: bucket, Prefix: 'p' } };
}
function choosing(more: object): JsonObject {
  return {
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'D' }], ...more },
      D: { Type: 'Succeed' },
    },
  } as JsonObject;
}
function policy(action: string): object {
  return {
    PolicyName: 'p',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] },
  };
}
/** A CloudFormation template with one machine; `role`: properties of its role. */
function template(role: object, logGroup?: string): string {
  const logging = logGroup && {
    LoggingConfiguration: {
      Level: 'ALL',
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: `arn:aws:logs:r:1:log-group:${logGroup}:*` } }],
    },
  };
  return JSON.stringify({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: role },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'dev-app-x',
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Definition: one(task()),
          ...logging,
        },
      },
    },
  });
}

describe('each rule catches one and leaves one alone', () => {
  test.each(rules.map(({ code }) => code))('%s', async (code) => {
    expect(codes((await samples[code]?.caught()) ?? [])).toContain(code);
    expect(codes((await samples[code]?.left()) ?? [])).not.toContain(code);
  });

  test('codes are unique, and each has a page', () => {
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
    for (const { why, instead } of rules) expect([why, instead].every((text) => text.length > 20)).toBe(true);
  });

  test('MF020: a Choice whose rules cover every input by their form', async () => {
    const choice = async (...Choices: object[]): Promise<boolean> => {
      const rules = Choices.map((rule) => ({ ...rule, Next: 'D' }));
      return codes(await lintJson(choosing({ Choices: rules }))).includes('MF020');
    };
    const is = (Variable: string, test: object): object => ({ Variable, ...test });
    const [a, b] = [is('$.a', { IsPresent: true }), is('$.b', { IsPresent: true })];
    const [noA, noB] = [is('$.a', { IsPresent: false }), is('$.b', { IsPresent: false })];
    expect(await choice({ Not: a }, a)).toBe(false);
    expect(await choice(is('$.a', { BooleanEquals: true }), is('$.a', { BooleanEquals: false }))).toBe(false);
    expect(await choice(a, b, { And: [noA, noB] })).toBe(false);
    expect(await choice(is('$.n', { NumericGreaterThan: 5 }), is('$.n', { NumericLessThanEquals: 5 }))).toBe(
      false,
    );
    expect(await choice(a, noB)).toBe(true);
    expect(await choice(is('$.n', { NumericGreaterThan: 5 }), is('$.n', { NumericLessThan: 5 }))).toBe(true);
    expect(await choice(is('$.n', { NumericEquals: 0 }), is('$.n', { NumericEquals: 1 }))).toBe(true);
    expect(await choice({ Or: [a, b] }, { Not: { And: [a, b] } })).toBe(false);
  });

  test('MF005: only where the error takes the place of the input, and the next state is not about the error alone', async () => {
    const publish = { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true };
    const fixed = { ...publish, Parameters: { Message: 'it failed', TopicArn: 't' } };
    const asking = (Variable: string) => ({
      Type: 'Choice',
      Choices: [{ Variable, StringEquals: 'x', Next: 'C' }],
      Default: 'C',
    });
    const parameters = (of: object) => ({ ...publish, Parameters: { TopicArn: 't', ...of } });
    const caughtInto = async (b: object, catcher: object = {}) => {
      const machine = caughtBy(catcher as JsonObject) as { States: Record<string, unknown> };
      Object.assign(machine.States, { B: b, C: { Type: 'Fail' } });
      return codes(await lintJson(machine as unknown as JsonObject)).includes('MF005');
    };
    for (const used of [
      { Type: 'Pass', End: true },
      publish,
      parameters({ 'Message.$': '$.id' }),
      parameters({ 'Message.$': "States.Format('{}', $.id)" }),
      parameters({ Message: { 'all.$': '$' } }),
      fixed,
      parameters({ 'Message.$': "States.Format('{} {}', $.Error, $.id)" }),
      asking('$.id'),
    ])
      expect(await caughtInto(used), JSON.stringify(used)).toBe(true);
    for (const unused of [
      { Type: 'Fail' },
      { Type: 'Succeed' },
      parameters({ 'Message.$': '$.Cause', 'Id.$': '$$.Execution.Id' }),
      asking('$.Error'),
    ])
      expect(await caughtInto(unused), JSON.stringify(unused)).toBe(false);
    expect(await caughtInto({ Type: 'Pass', End: true }, { ResultPath: '$' })).toBe(true);
    // With null the input stays.
    expect(await caughtInto({ Type: 'Pass', End: true }, { ResultPath: null })).toBe(false);
  });

  test('MF004: a Fail state that says nothing, or always the same, in place of the error', async () => {
    for (const [fail, how] of [
      [{}, 'fails without the error'],
      [{ Cause: 'x' }, 'fails with a fixed text instead of the error'],
    ] as const) {
      const machine = caughtBy({ ResultPath: '$.error' }) as { States: { B: object } };
      machine.States.B = { Type: 'Fail', ...fail };
      const findings = await lintJson(machine as unknown as JsonObject);
      expect(findings.find(({ code }) => code === 'MF004')?.message).toContain(how);
    }
  });

  test('a function of a serverless.yml is one, by its key and by its logical id', async () => {
    const findings = await lint(
      `service: s
provider: { name: aws }
functions: { pay: { handler: p.handler }, give-back: { handler: p.handler } }
stepFunctions:
  stateMachines:
    paid:
      definition:
        StartAt: A
        States:
          A: { Type: Task, Resource: !GetAtt pay.Arn, Next: B }
          B: { Type: Task, Resource: !GetAtt GiveDashbackLambdaFunction.Arn, End: true }
`,
      {},
      'serverless.yml',
    );
    expect(findings.map(({ code, line }) => [code, line])).toEqual([
      ['MF002', 10],
      ['MF002', 11],
    ]);
  });

  test('a Resource that is no ARN is said once; a child without a batch is an item', async () => {
    const findings = await lintJson(one({ Type: 'Task', Resource: 'docker://hello' }));
    expect(findings.map(({ message }) => message)).toEqual(['Value is not a valid resource ARN']);
    const text = async (more: object) =>
      (await lintJson(mapOf({ ItemReader: READER, ...more }))).find(({ code }) => code === 'MF016')?.message;
    expect(await text({})).toContain('one failed item fails');
    expect(await text({ ItemBatcher: { MaxItemsPerBatch: 10 } })).toContain('one failed batch fails');
  });

  /** What they catch and leave alone in the framework's own machines. */
  const real: Record<string, { caught: string[]; left: string[] }> = {
    'prod--dev-command-handler': { caught: ['MF001'], left: ['MF002', 'MF007', 'MF008', 'MF011', 'MF020'] },
    'prod--dev-import-csv-handler': { caught: ['MF010', 'MF012', 'MF016'], left: [] },
    'prod--dev-sfn-task-handler': { caught: ['MF003'], left: ['MF006'] },
    'local--sfn-task': { caught: ['MF006'], left: [] },
  };
  material.test(
    'on the machines of the framework too, and nothing but warnings on those of production',
    async () => {
      for (const [machine, { caught, left }] of Object.entries(real)) {
        const findings = await lint(material.text(`framework-asl/${machine}.json`), { framework: true });
        expect(codes(findings), machine).toEqual(expect.arrayContaining(caught));
        for (const code of left) expect(codes(findings), machine).not.toContain(code);
        if (machine.startsWith('prod--'))
          expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      }
    },
  );
});

test('ten thousand states in a row are followed once, not from each of them', async () => {
  const states = Array.from({ length: 10_000 }, (_, at) => [
    `S${at}`,
    at < 9_999 ? { Type: 'Pass', Next: `S${at + 1}` } : { Type: 'Succeed' },
  ]);
  const began = process.cpuUsage();
  expect(await lintJson({ StartAt: 'S0', States: Object.fromEntries(states) })).toEqual([]);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(4_000);
});

describe('where', () => {
  const broken = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "Nowhere" },
    "B": { "Type": "Succeed" }
  }
}
`;
  test('in JSON', async () => {
    expect(await lint(broken)).toMatchObject([
      { line: 4, column: 28, severity: 'error', code: 'MISSING_TRANSITION_TARGET' },
      { line: 5, column: 5, severity: 'error', message: 'State "B" is not reachable.' },
    ]);
  });

  test('in YAML', async () => {
    const text = 'StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: Nowhere\n';
    expect(await lint(text, {}, 'm.asl.yaml')).toMatchObject([
      { line: 2, column: 1, code: 'MISSING_END_STATE' },
      { line: 5, column: 5, code: 'MISSING_TRANSITION_TARGET' },
    ]);
  });

  test('in text that is neither', async () => {
    expect(await lint('{\n  "a": ,\n}')).toMatchObject([
      { line: 2, column: 8, code: 'INVALID_JSON_DESCRIPTION' },
    ]);
    expect(await lint('a: [1,\nb: {', {}, 'm.yaml')).toMatchObject([{ code: 'INVALID_JSON_DESCRIPTION' }]);
  });

  test('in a text that names a member twice, which AWS refuses; also within a template', async () => {
    const text = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},\n "A":{"Type":"Succeed"}}}';
    const code = 'INVALID_JSON_DESCRIPTION';
    expect(await lint(text)).toMatchObject([{ line: 2, column: 2, code, message: "Duplicate field 'A'" }]);
    const at = async (DefinitionString: string) => {
      const machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString } };
      const template = JSON.stringify({ Resources: { M: machine } }, null, 1);
      const [first, ...others] = await lint(template, {}, 't.json');
      expect(others).toEqual([]);
      expect(first).toMatchObject({ code });
      return template.split('\n')[(first?.line ?? 0) - 1]?.slice((first?.column ?? 0) - 1);
    };
    expect(await at(text)).toMatch(/^\\"A\\":{\\"Type\\":\\"Succeed/);
    expect(await at('{"StartAt":,}')).toBe(',}"');
  });

  test('in a DefinitionString of a YAML template: block, with values put in', async () => {
    const text = [
      'Resources:',
      '  Fn:',
      '    Type: AWS::Lambda::Function',
      '  Machine:',
      '    Type: AWS::StepFunctions::StateMachine',
      '    Properties:',
      '      DefinitionString: !Sub |',
      ...broken
        .trimEnd()
        .replace('"Pass"', '"Task", "Resource": "$' + '{Fn.Arn}"')
        .split('\n')
        .map((line) => `        ${line}`),
      '',
    ].join('\n');
    const [missing] = (await lint(text, {}, 'template.yaml')).filter(({ severity }) => severity === 'error');
    expect(missing).toMatchObject({ code: 'MISSING_TRANSITION_TARGET', line: 11 });
    expect(text.split('\n')[10]?.slice((missing?.column ?? 0) - 1)).toMatch(/^"Next"/);
  });

  test('in a DefinitionString of joined pieces, as the CDK writes it', async () => {
    const definition = JSON.stringify({
      StartAt: 'A',
      States: { A: { Type: 'Task', Resource: '<>', Next: 'Nowhere' } },
    });
    const pieces = definition.split('<>');
    const text = JSON.stringify(
      {
        Resources: {
          F: { Type: 'AWS::Lambda::Function', Properties: {} },
          M: {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: {
              DefinitionString: { 'Fn::Join': ['', [pieces[0], { 'Fn::GetAtt': ['F', 'Arn'] }, pieces[1]]] },
            },
          },
        },
      },
      null,
      1,
    );
    const findings = await lint(text, {}, 'x.template.json');
    const missing = findings.find(({ code }) => code === 'MISSING_TRANSITION_TARGET');
    const line = text.split('\n')[(missing?.line ?? 0) - 1] ?? '';
    expect(line.slice((missing?.column ?? 0) - 1)).toMatch(/^\\"Next\\"/);
  });

  test('in a file that SAM names, with its substitutions', async () => {
    const text =
      'Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: m.asl.json\n      DefinitionSubstitutions:\n        Target: Nowhere\n';
    const machine = broken.replace('Nowhere', '$' + '{Target}');
    const read = async (path: string): Promise<string | undefined> =>
      path === 'm.asl.json' ? machine.replace('"B"', '"Nowhere"') : undefined;
    expect(await lint(text, { read }, 'template.yaml')).toMatchObject([{ code: 'MF018' }]);
    const other = await lint(text, { read: async () => machine.replaceAll('"B"', '"C"') }, 'template.yaml');
    expect(other).toContainEqual(
      expect.objectContaining({ file: 'm.asl.json', line: 5, message: 'State "C" is not reachable.' }),
    );
  });

  test('in serverless.yml, by the name of its key', async () => {
    const text = [
      'service: app',
      'stepFunctions:',
      '  stateMachines:',
      '    task-handler:',
      '      definition:',
      '        StartAt: A',
      '        States:',
      '          A:',
      '            Type: Task',
      `            Resource: ${INVOKE}`,
      '            Parameters:',
      '              FunctionName: !GetAtt [main, Arn]',
      '              Payload: { input.$: $, context.$: $$ }',
      '            OutputPath: $.Payload[0][0]',
      '            End: true # mbc-flow-ignore: MF999',
    ].join('\n');
    expect(await lint(text, {}, 'serverless.yml')).toMatchObject([
      { line: 5, code: 'MF009' },
      { line: 8, column: 11, code: 'MF002' },
    ]);
  });
});

test('what is put in later is not judged', async () => {
  const later = (name: string): string => `\${${name}}`;
  const state = { Type: 'Wait', Seconds: later('Seconds'), Next: later('Next') };
  expect(await lintJson({ StartAt: 'S', States: { S: state, E: { Type: 'Succeed' } } })).toEqual([]);
});

describe('left alone on request', () => {
  test('by the Comment of the state, or of the machine, and by no other code', async () => {
    const pausing = (state: object, machine: object = {}): JsonObject => ({ ...task0(state), ...machine });
    expect(codes(await lintJson(pausing({})))).toEqual(['MF001']);
    expect(codes(await lintJson(pausing({ Comment: 'on purpose. mbc-flow-ignore: MF001' })))).toEqual([]);
    expect(codes(await lintJson(pausing({}, { Comment: 'mbc-flow-ignore' })))).toEqual([]);
    expect(codes(await lintJson(pausing({ Comment: 'mbc-flow-ignore: MF002, MF003' })))).toEqual(['MF001']);
  });

  test('by a comment in YAML', async () => {
    const yaml = (comment: string): string =>
      `StartAt: S\nStates:\n  S: ${comment}\n    Type: Choice\n    Choices: [{Variable: $.a, IsNull: true, Next: E}]\n  E: {Type: Succeed}\n`;
    expect(codes(await lint(yaml(''), {}, 'm.yaml'))).toEqual(['MF020']);
    expect(codes(await lint(yaml('# mbc-flow-ignore: MF020'), {}, 'm.yaml'))).toEqual([]);
  });
});

describe('--fix', () => {
  test('adds what is missing, keeps the rest byte for byte, and finds nothing more to fix', async () => {
    const text = JSON.stringify(one(task({ Retry: undefined })), null, 2).replaceAll('\n', '\r\n');
    const { fixed = '' } = await lintText('m.json', text, options());
    expect(fixed.replace(/,\r\n {6}"Retry": .*\]/, '')).toBe(text);
    expect(JSON.parse(fixed)).toMatchObject({ States: { S: { Retry: [{ MaxAttempts: 6 }] } } });
    expect((await lintText('m.json', fixed, options())).fixed).toBeUndefined();
  });

  test('in YAML and in lists', async () => {
    const text = `# kept\nStartAt: S\nStates:\n  S:\n    Type: Task\n    Resource: ${INVOKE}\n    Parameters: {FunctionName: f}\n    Retry:\n      - ErrorEquals:\n          - Lambda.ServiceException\n    End: true # too\n`;
    const { fixed = '' } = await lintText('m.yaml', text, options());
    expect(fixed).toBe(
      text.replace(
        '          - Lambda.ServiceException\n',
        '          - Lambda.ServiceException\n          - "Lambda.TooManyRequestsException"\n',
      ),
    );
    const bare = text.replace(/ {4}Retry:\n.*\n.*\n/, '');
    const again = (await lintText('m.yaml', bare, options())).fixed ?? '';
    expect(again).toContain('End: true # too\n    Retry: [{"ErrorEquals"');
    expect((await lintText('m.yaml', again, options())).fixed).toBeUndefined();
  });
});

test('a template of the real CDK is read, located and clean of errors', async () => {
  const folder = mkdtempSync(`${process.env.TMPDIR ?? '/tmp'}/mbc-flow-lint-`);
  try {
    const file = await synthesise(folder);
    const path = typeof file === 'string' ? file : '';
    const read = async (name: string): Promise<string | undefined> => {
      const at = `${path.replace(/[^/]*$/, '')}${name}`;
      return existsSync(at) ? readFileSync(at, 'utf8') : undefined;
    };
    const findings = await lint(readFileSync(path, 'utf8'), { read }, 'App.template.json');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(findings.length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
