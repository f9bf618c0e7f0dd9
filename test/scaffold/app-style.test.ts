import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/errors.js';
import { packageTemplates } from '../../src/files/project/project-files.js';
import { planScaffold, type Scaffolding } from '../../src/operations/project/scaffold.js';
import { type Plan, type Project, styleOf } from '../../src/scaffold/project.js';

/** A project without a prettier of its own, in memory. */
const projectOf = (files: Record<string, string>): Project => ({
  read: async (path) => files[path],
  list: async (under, ending) =>
    Object.keys(files).filter((path) => path.startsWith(`${under}/`) && path.endsWith(ending)),
  format: async () => undefined,
});

const plan = (files: Record<string, string>, scaffolding: Partial<Scaffolding> = {}): Promise<Plan> =>
  planOf(projectOf(files), scaffolding);

const planOf = async (project: Project, scaffolding: Partial<Scaffolding> = {}): Promise<Plan> => {
  const options = { approval: false, map: false, csvImport: false, zipImport: false, force: false };
  const whole = { kind: 'workflow', name: 'order', queryLanguage: 'JSONPath', ...options, ...scaffolding };
  return (await planScaffold(project, packageTemplates(), whole as Scaffolding)).plan;
};

const sources = ({ changes }: Plan): string[] =>
  changes
    .filter(({ path, before }) => path.endsWith('.ts') && before === undefined)
    .map(({ after }) => after);

const main = (end: string, extension = ''): string =>
  [
    `import { createHandler } from '@mbc-cqrs-serverless/core'${end}`,
    `import { MainModule } from './main.module${extension}'${end}`,
    `export const handler = createHandler({ rootModule: MainModule })${end}`,
    '',
  ].join('\n');

describe('new files look like those around them', () => {
  it.each([
    ['tabs, semicolons and double quotes', { semi: true, singleQuote: false, useTabs: true }],
    ['four spaces', { semi: false, singleQuote: true, tabWidth: 4 }],
  ])('as a configured prettier would write them that is not installed: %s', async (_, options) => {
    const made = await plan({ '.prettierrc': JSON.stringify(options) }, { approval: true, csvImport: true });
    const indent = 'useTabs' in options ? '\t' : '    ';
    for (const text of sources(made)) {
      const indented = /^[ \t]+\S/m.test(text) ? { indent } : {};
      expect({ text, ...styleOf(text) }).toMatchObject({ ...indented, semicolon: options.semi ? ';' : '' });
      expect(text.match(/from (['"])/)?.[1]).toBe(options.singleQuote ? "'" : '"');
    }
    expect(sources(made)).toHaveLength(9);
    const [machine] = made.changes.filter(({ path }) => path.endsWith('.asl.json'));
    expect(machine?.after).toContain(`\n${indent}"StartAt"`);
  });

  it('as most of the sources are, where no prettier is configured', async () => {
    const files = {
      'src/main.ts': main(';').replaceAll("'", '"'),
      'src/other.ts': main(';').replaceAll("'", '"'),
    };
    for (const text of sources(await plan(files)))
      expect(styleOf(text)).toMatchObject({ quote: '"', semicolon: ';' });
  });

  it('as ES modules with .js and without __dirname, new ones and patches', async () => {
    const files = {
      'package.json': '{"type":"module"}',
      'src/main.ts': main('', '.js'),
      'src/main.module.ts':
        "import { Module } from '@nestjs/common'\n\n@Module({})\nexport class MainModule {}\n",
    };
    const made = await plan(files, { approval: true });
    const texts = made.changes.filter(({ path }) => path.endsWith('.ts')).map(({ after }) => after);
    for (const text of texts) {
      expect(text).not.toMatch(/from '\.[^']*(?<!\.js)'/);
      expect(text).not.toContain('__dirname');
    }
    expect(texts.join('')).toContain("from './order/order.module.js'");
    expect(texts.join('')).toContain('import.meta.dirname');
  });
});

describe('what it says at the end', () => {
  const built = { 'package.json': '{"scripts":{"build":"tsc"}}' };

  it('is what to type, with the input that the machine needs, and what the stack needs', async () => {
    const { next, notices } = await plan(built, { map: true });
    expect(next).toEqual([
      'npm run build',
      `mbc-flow start order --input '{"requestId":"r-1","items":[{"id":1},{"id":2}]}'`,
    ]);
    expect(notices).toContainEqual(
      expect.stringContaining("new OrderStateMachine(this, 'Order', { prefix, handler })"),
    );
    const csv = await plan({ ...built, '.env': 'LOCAL_SFN_PORT=9083\n' }, { csvImport: true });
    expect(csv.next).toContain('curl -T order.csv http://127.0.0.1:9083/local-bucket/');
    expect(csv.notices).toContainEqual(expect.stringContaining('{ prefix, handler, bucket }'));
  });

  it('for a machine of somebody’s: no states are refused, none that call a function are said', async () => {
    await expect(plan({}, { from: { StartAt: 'a', States: {} } })).rejects.toMatchObject({
      exitCode: exitCodes.usage,
      code: 'NoStates',
    });
    const from = { StartAt: 'a', States: { a: { Type: 'Pass', End: true } } };
    expect((await plan({}, { from })).notices).toContainEqual(expect.stringContaining('calls a function'));
  });

  it('of a machine with a function of its own and other placeholders: what to fill in', async () => {
    const invoke = { FunctionName: 'arn:aws:lambda:us-east-1:1:function:x', 'Payload.$': '$' };
    const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: invoke, Next: 'b' };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's
    const tables = '${Table}';
    const from = { StartAt: 'a', States: { a: call, b: { Type: 'Pass', Result: tables, End: true } } };
    const { changes, notices } = await plan({}, { from });
    const machine = changes.find(({ path }) => path.endsWith('.asl.json'))?.after;
    expect(machine).toContain('LambdaFunctionArn}"');
    expect(notices).toContainEqual(expect.stringContaining(`${tables}: add them to definitionSubstitutions`));
  });

  it('that two states would have one name', async () => {
    await expect(plan({}, { states: ['import_rows', 'b'], csvImport: true })).rejects.toMatchObject({
      code: 'DuplicateState',
    });
  });
});

describe('the tests are written for what the project runs them in', () => {
  const manifest = (devDependencies: object, more: object = {}): string =>
    JSON.stringify({ name: 'app', devDependencies, ...more });
  const notice = /vitest before 4/;

  it.each<[string, string, string | undefined, boolean, boolean]>([
    ['nothing named', manifest({}), undefined, false, false],
    ['vitest', manifest({ vitest: '^4.0.0' }), undefined, true, false],
    ['an older vitest', manifest({ vitest: '~3.2.0' }), undefined, true, true],
    ['the same with SWC', manifest({ vitest: '3.2.7', 'unplugin-swc': '1' }), undefined, true, false],
    ['both, and jest by its script', manifest({ vitest: '4', jest: '29' }), undefined, false, false],
    ['a script', manifest({ jest: '29' }, { scripts: { test: 'vitest run' } }), undefined, true, false],
    ["its workspace's", manifest({}), manifest({ vitest: '^3.0.0' }), true, true],
    ["its own before its workspace's", manifest({ jest: '29' }), manifest({ vitest: '4' }), false, false],
  ])('%s', async (_, own, above, vitest, told) => {
    const files = { 'package.json': own, ...(above !== undefined && { '../../package.json': above }) };
    const project = { ...projectOf({ ...files, 'src/main.ts': main('') }), workspace: '../../package.json' };
    const { changes, notices } = await planOf(project, { approval: true });
    const flowTest = changes.find(({ path }) => path.endsWith('.flow.spec.ts'));
    expect(flowTest?.after.includes(`from 'vitest'`)).toBe(vitest);
    expect(notices.some((text) => notice.test(text))).toBe(told);
  });

  it('a workspace that has this package already is enough', async () => {
    const files = { 'package.json': manifest({}), '../package.json': manifest({ 'mbc-flow': '*' }) };
    const project = { ...projectOf(files), workspace: '../package.json' };
    expect((await planOf(project)).changes.map(({ path }) => path)).not.toContain('package.json');
    expect((await planOf(projectOf(files))).changes.map(({ path }) => path)).toContain('package.json');
  });
});
