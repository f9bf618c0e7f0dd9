import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appCompiler } from '../../src/files/project/app-compiler.js';
import type { FindOptions } from '../../src/lint/find-machines.js';
import { lintText } from '../../src/lint/lint.js';
import { appRules } from '../../src/lint/typescript/app-rules.js';
import { facts } from '../shared.js';
import { afterEachFile } from '../tidying.js';

const options = { framework: true, read: async () => undefined };
async function codes(text: string, more: Partial<FindOptions> = {}): Promise<string[]> {
  const unknownTypes = async (offsets: number[]) => unknownIn(text, offsets);
  const { findings } = await lintText('app.ts', text, { ...options, unknownTypes, ...more });
  return [...new Set(findings.map(({ code }) => code))];
}

/** What the compiler of an application says whose one source this is. */
function unknownIn(text: string, offsets: number[]): Set<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-types-'));
  made.push(folder);
  // Its compiler is ours; the packages that it imports are not there, which says nothing of its types.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  // The browser's declarations take longer to parse than all the rest.
  const compilerOptions = { types: [], lib: ['ES2023'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*'] }));
  writeFileSync(
    join(folder, 'own.d.ts'),
    'declare namespace Own { interface Row {} }\ninterface OwnRow {}\n',
  );
  const file = join(folder, 'app.ts');
  writeFileSync(file, text);
  return appCompiler(folder)?.unknownTypes(file, offsets) ?? new Set();
}
const made: string[] = [];
afterEachFile(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

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
  MF009: [
    "const a = { stateMachineName: 'task-handler' }",
    "const a = { stateMachineName: 'dev-app-sfn-task-handler' }",
  ],
  MF010: ['.setItemBatcher({ MaxInputBytesPerBatch: 10 })', '.setItemBatcher({ MaxItemsPerBatch: 10 })'],
  MF016: [
    "new DistributedMap(this, 'm', { maxConcurrency: 50 })",
    "new DistributedMap(this, 'm', { toleratedFailurePercentage: 100 })",
  ],
  MF017: [
    "const a = { logGroupName: '/aws/vendedlogs/states/x-logs' }",
    'const a = { logGroupName: `/aws/vendedlogs/states/$' + '{prefix}x` }',
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

const everyOne = async (offsets: number[]): Promise<Set<number>> => new Set(offsets);

test.each([
  'PropertyDescriptor',
  'PromiseSettledResult<string>',
  'RegExpMatchArray',
  'IterableIterator<string>',
  'WeakKey',
  'Own.Row',
  'OwnRow',
])('%s is a type that the compiler knows', async (type) => {
  expect(await codes(`${CORE}export const f = (input: ${type}): void => g(input)`)).not.toContain('MF104');
});

test('without the application’s compiler, nobody guesses at its types', async () => {
  expect(await codes(sources.MF104?.[0] ?? '', { unknownTypes: undefined })).not.toContain('MF104');
});

describe('sources of a stack, by their syntax', () => {
  const waiting =
    "integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN, outputPath: '$.Payload[0][0]'";
  const state = (props: string): string => `new tasks.LambdaInvoke(this, 'a', { ${props} })`;

  test('each waiting state is judged by its own timeout', async () => {
    const one = `class S { a = ${state(`${waiting}, taskTimeout: week`)}\n b = ${state(waiting)} }`;
    expect(await codes(one)).toEqual(['MF001']);
    expect(await codes(`class S { a = ${state(`${waiting}, taskTimeout: week`)} }`)).toEqual([]);
    expect(await codes(`class S { a = ${state(`...rest, ${waiting}`)} }`)).toEqual([]);
    expect(await codes(`class S { a = ${state(`${waiting}, ...(w && { taskTimeout: w })`)} }`)).toEqual([]);
  });

  test('a helper that makes the state is looked into', async () => {
    const helper = (props: string): string =>
      `const lambdaInvoke = (name: string, integrationPattern: P) => ${state(`integrationPattern, ${props}`)}`;
    const call = "lambdaInvoke('wait', sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN)";
    expect(await codes(`${helper("outputPath: '$'")}\n${call}`)).toEqual(['MF001']);
    expect(await codes(`${helper("outputPath: '$', taskTimeout: day")}\n${call}`)).toEqual([]);
  });

  test('numbers with separators are numbers', async () => {
    expect(await codes('const a = { maxInputBytesPerBatch: 100_000 }')).toEqual([]);
    expect(await codes('const a = { maxInputBytesPerBatch: 1_000 }')).toEqual(['MF010']);
  });

  test('a map run is caught where it is made, or by its name', async () => {
    const made = "new sfn.DistributedMap(this, 'm', { maxConcurrency: 50 })";
    expect(await codes(`const other = x.addCatch(y)\nconst map = ${made}`)).toEqual(['MF016']);
    expect(await codes(`const map = ${made}\nmap.itemProcessor(p).addCatch(y)`)).toEqual([]);
    expect(await codes(`${made}.itemProcessor(p).addCatch(y)`)).toEqual([]);
  });

  test('a bucket that somebody has to put in', async () => {
    expect(await codes("s3.Bucket.fromBucketName(this, 'b', 'your-import-bucket-name')")).toEqual(['MF015']);
    expect(await codes("s3.Bucket.fromBucketName(this, 'b', props.prefix + 'ddb-attributes')")).toEqual([]);
  });

  test('a waiting state that no function of the project may answer', async () => {
    const text = state(`${waiting}, taskTimeout: week`);
    expect(await codes(text, { answersGranted: false })).toEqual(['MF024']);
    for (const answersGranted of [true, undefined]) expect(await codes(text, { answersGranted })).toEqual([]);
  });
});

test.each([
  ['0.1.12-beta.0', []],
  ['0.1.48-beta.0', []],
  ['1.1.0', ['MF108']],
  ['1.3.5', ['MF108']],
  [undefined, ['MF108']],
])('commandService.publish of version %s', async (frameworkVersion, found) => {
  expect(await codes(sources.MF108?.[0] ?? '', { frameworkVersion })).toEqual(found);
});

facts.test("the documentation's snippets: their known faults are named", async () => {
  const found = new Set<string>();
  for (const [, text = ''] of facts.text('documentation.ja.md').matchAll(/```typescript\n([\s\S]*?)```/g))
    for (const code of await codes(text, { unknownTypes: everyOne })) found.add(code);
  const known = ['MF001', 'MF006', 'MF009', 'MF010', 'MF016', 'MF017', ...appRules.map(({ code }) => code)];
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
