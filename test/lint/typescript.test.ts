import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lintText } from '../../src/lint/lint.js';
import { appRules } from '../../src/lint/typescript/app-rules.js';
import { facts } from '../shared.js';

const options = { framework: true, read: async () => undefined };
async function codes(text: string): Promise<string[]> {
  const { findings } = await lintText('app.ts', text, options);
  return [...new Set(findings.map(({ code }) => code))];
}

const CORE =
  "import { IEvent, StepFunctionsContext, StepFunctionService } from '@mbc-cqrs-serverless/core'\n";

/** Rule → a source with the fault, and the same without it. */
const sources: Record<string, [fault: string, right: string]> = {
  MF101: [
    '@EventFactory()\nexport class Factory {\n}',
    '@EventFactory()\n@Injectable()\nexport class Factory extends DefaultEventFactory {\n}',
  ],
  MF102: [
    'class F extends D { async transformStepFunction(event: any) { if (event.a) { return [1] } return [] } }',
    'class F extends D { async transformStepFunction(event: any) { return super.transformStepFunction(event) } }',
  ],
  MF103: [
    `${CORE}export class E implements IEvent { source: string; context: StepFunctionsContext }`,
    `${CORE}export class E implements IEvent { context: StepFunctionsContext\n constructor(e?: Partial<E>) { Object.assign(this, e) } }`,
  ],
  MF104: [
    `${CORE}export const f = (input: Missing): Promise<void> => g(input)`,
    `${CORE}interface Missing<T> { a: T }\nexport const f = async <TInput>(input: Missing<TInput>, at: Date): Promise<Record<string, IEvent>> => g(input)`,
  ],
  MF105: [
    `${CORE}class S { run(s: StepFunctionService) { return s.startExecution({ stateMachineArn: 'a' }) } }`,
    `${CORE}class S { run(s: StepFunctionService) { return s.startExecution('arn', { stateMachineArn: 'a' }) } }`,
  ],
  MF106: [
    'await this.sfnService.sendTaskSuccess({ taskToken })',
    'await this.sfnService.client.send(new SendTaskSuccessCommand({ taskToken }))',
  ],
  MF107: [
    "try { run() } catch (error) { log(error); return { status: 'error', cause: error.stack } }",
    "try { run() } catch (error) { log('{'); throw error }\nreturn { status: 'error' }",
  ],
  MF108: [
    'await this.commandService.publish({ pk })',
    'await this.commandService.publishAsync({ pk }, options)',
  ],
  MF109: ["const tableNames = ['tasks', 'commands']", "const tableNames = ['tasks', 'order-command']"],
  MF001: [
    'new LambdaInvoke(this, "a", { integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN })',
    'new LambdaInvoke(this, "a", { integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN, taskTimeout: week })',
  ],
  MF006: [
    "new tasks.LambdaInvoke(this, 'a', { payload: TaskInput.fromObject({ 'context.$': '$$' }) })",
    "new tasks.LambdaInvoke(this, 'a', { payload: TaskInput.fromObject({ 'context.$': '$$' }), outputPath: '$.Payload[0][0]' })",
  ],
  MF008: [
    "TaskInput.fromObject({ 'id.$': '$.id' })",
    "TaskInput.fromObject({ 'id.$': '$.id', 'context.$': '$$' })",
  ],
  MF009: ["{ stateMachineName: 'task-handler' }", "{ stateMachineName: 'dev-app-sfn-task-handler' }"],
  MF010: ['.setItemBatcher({ MaxInputBytesPerBatch: 10 })', '.setItemBatcher({ MaxItemsPerBatch: 10 })'],
  MF016: [
    "new DistributedMap(this, 'm', { maxConcurrency: 50 })",
    "new DistributedMap(this, 'm', { toleratedFailurePercentage: 100 })",
  ],
  MF017: [
    "{ logGroupName: '/aws/vendedlogs/states/x-logs' }",
    '{ logGroupName: `/aws/vendedlogs/states/$' + '{prefix}x` }',
  ],
};

test.each(Object.entries(sources))('%s: the fault, and the same without it', async (code, [fault, right]) => {
  expect(await codes(fault)).toContain(code);
  expect(await codes(right)).not.toContain(code);
});

test('every rule on sources has its pair', () => {
  expect(appRules.map(({ code }) => code).filter((code) => !sources[code])).toEqual([]);
});

describe('code, and what only looks like it', () => {
  test('comments and strings are none', async () => {
    expect(
      await codes('// this.sfnService.sendTaskSuccess({})\nconst a = "sfnService.sendTaskSuccess("'),
    ).toEqual([]);
  });

  test('a comment above leaves a line alone', async () => {
    const line = 'await this.sfnService.sendTaskSuccess({})';
    expect(await codes(`// mbc-flow-ignore: MF106\n${line}`)).toEqual([]);
    expect(await codes(`// mbc-flow-ignore: MF105\n${line}`)).toEqual(['MF106']);
  });

  test('nothing is found in what scaffold writes', async () => {
    const folder = fileURLToPath(new URL('../../templates/workflow/', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      expect([file, await codes(readFileSync(folder + file, 'utf8'))]).toEqual([file, []]);
  });
});

facts.test("the documentation's snippets: their known faults are named", async () => {
  const found = new Set<string>();
  for (const [, text = ''] of facts.text('documentation.ja.md').matchAll(/```typescript\n([\s\S]*?)```/g))
    for (const code of await codes(text)) found.add(code);
  const known = [
    'MF001',
    'MF006',
    'MF008',
    'MF009',
    'MF010',
    'MF016',
    'MF017',
    ...appRules.map(({ code }) => code),
  ];
  expect(known.filter((code) => !found.has(code))).toEqual([]);
});

test('whatever a file holds, there is an answer', async () => {
  const piece = fc.constantFrom(
    ...[
      '{',
      '}',
      '"',
      "'",
      '`',
      '\n',
      '  ',
      '- ',
      ': ',
      'States',
      'StartAt',
      'Resources',
      '!Sub ',
      '*a',
      '&a ',
      '|',
    ],
    ...[
      'class A ',
      '@EventFactory()',
      'implements IEvent',
      '//',
      '/*',
      'stepFunctions:\n stateMachines:\n  a:\n',
      '[',
      ']',
    ],
    ...[
      'Type: AWS::StepFunctions::StateMachine\n',
      'Properties',
      'DefinitionString',
      'Fn::Join',
      '\\u12',
      '__proto__',
    ],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }),
      fc.constantFrom('m.json', 'm.yaml', 'm.ts', 'template'),
      async (pieces, file) => {
        const { findings } = await lintText(file, pieces.join(''), options);
        for (const { line, column } of findings) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      },
    ),
    { numRuns: 400 },
  );
});
