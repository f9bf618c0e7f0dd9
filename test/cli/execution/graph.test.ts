import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorOf, run, startDirectory } from '../world.js';

const cwd = startDirectory();
const graph = (...args: string[]) => run(['graph', ...args], { cwd });
const file = (name: string, text: string | object): string => {
  writeFileSync(join(cwd, name), typeof text === 'string' ? text : JSON.stringify(text));
  return name;
};
const single = (name: string) => ({ StartAt: name, States: { [name]: { Type: 'Succeed' } } });

const yaml = `
# 承認の流れ
StartAt: 受付
States:
  受付:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Next: 完了
  完了:
    Type: Succeed
`;

test('ASL in YAML, from a file and from stdin', async () => {
  const { code, stdout } = await graph(file('approval.asl.yaml', yaml));
  expect(code).toBe(0);
  expect(stdout).toMatch(/受付[\s\S]+完了/);
  expect((await run(['graph', '-'], { cwd, stdin: yaml })).stdout).toBe(stdout);
  expect((await graph('approval.asl.yaml', '--format', 'mermaid')).stdout).toContain('受付');
});

test('a machine of a template, by name or logical id; several are listed, never picked', async () => {
  const template = file(
    'template.yaml',
    `
Resources:
  Approval:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: approval
      DefinitionUri: approval.asl.yaml
  Import:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {"StartAt":"取込","States":{"取込":{"Type":"Task","Resource":"\${Handler.Arn}","End":true}}}
`,
  );
  expect(errorOf(await graph(template, '-o', 'json'))).toMatchObject({
    exitCode: 5,
    message: expect.stringContaining('approval, Import'),
    hint: 'mbc-flow graph template.yaml --machine approval',
  });
  expect((await graph(template, '--machine', 'approval')).stdout).toContain('受付');
  expect((await graph(template, '--machine', 'Approval')).stdout).toContain('受付');
  expect((await graph(template, '--machine', 'Import')).stdout).toContain('取込');
  const missed = errorOf(await graph(template, '--machine', 'nope', '-o', 'json'));
  expect(missed).toMatchObject({ exitCode: 3, message: expect.stringContaining('it has: approval, Import') });
});

test('a serverless.yml, and what the aws CLI prints of a machine', async () => {
  const serverless = { stepFunctions: { stateMachines: { one: { definition: single('only') } } } };
  expect((await graph(file('serverless.yml', JSON.stringify(serverless)))).stdout).toContain('only');
  const described = { name: 'm', definition: JSON.stringify(single('described')) };
  expect((await graph(file('described.json', described))).stdout).toContain('described');
});

test.each([
  ['bad.yaml', 'StartAt: [', 2, 'InvalidDefinition', /^bad\.yaml:1:\d+$/],
  ['bad.json', '{"StartAt": }', 2, 'InvalidDefinition', /^bad\.json:1:13$/],
  ['none.json', '{"a":1}', 3, 'MachineNotFound', /^none\.json$/],
])('%s is refused with its place', async (name, text, exitCode, code, where) => {
  const refused = errorOf(await graph(file(name, text), '-o', 'json'));
  expect(refused).toMatchObject({ exitCode, code, where: expect.stringMatching(where) });
});

test('a file that is not there: exit 3', async () =>
  expect(errorOf(await graph('absent.yaml', '-o', 'json'))).toMatchObject({ code: 'FileNotFound' }));
