import * as cdk from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/asl/definition.js';
import type { JsonObject } from '../../src/json/json.js';
import { lintText } from '../../src/lint/lint.js';
import { facts, material } from '../shared.js';
import { synthesised } from './constructs.js';
import { unexplained } from './corrections.js';
import { deploymentFaults, templateFaults } from './deployable.js';
import { type Deployed, deployedBy, differences, documentedMachines } from './documentation.js';
import { added, itemsOf, left } from './framework-stack.js';
import { constructsOf, frameworkStack, prefix } from './stacks.js';

describe('scaffold stack', () => {
  let stack: cdk.Stack;
  let template: JsonObject;
  let ours: Deployed[];
  beforeAll(async () => {
    stack = await frameworkStack();
    ours = deployedBy(stack);
    template = cdk.App.of(stack)?.synth().getStackByName(stack.stackName).template as JsonObject;
  });

  it('can be deployed, also with its constructs in the application’s stack or in one beside it', async () => {
    expect(deploymentFaults(cdk.App.of(stack) as cdk.App)).toEqual([]);
    for (const apart of [false, true]) expect(deploymentFaults(await constructsOf(apart))).toEqual([]);
  });

  it('is good in the eyes of our own lint', async () => {
    const options = { framework: true, read: async () => undefined };
    const { findings } = await lintText('stack.template.json', JSON.stringify(template), options);
    expect(findings).toEqual([]);
  });

  facts.test('is the documentation’s three machines, but for the corrections of the table', () => {
    const theirs = documentedMachines(facts.text('documentation.ja.md'));
    const found = ['command', 'task', 'import-csv'].flatMap((name, index) =>
      differences(theirs[index] as unknown as JsonObject, ours[index] as unknown as JsonObject, name),
    );
    expect(unexplained(found)).toEqual({ differences: [], corrections: [] });
  });

  material.test('gives the framework all that its own stack does, but for what the table explains', () => {
    const text = material.text('framework-run/template/infra/dev-shop-infra.template.json');
    const theirs = itemsOf(JSON.parse(text) as JsonObject, 'dev-shop-');
    const mine = itemsOf(template, prefix);
    const only = (a: Set<string>, b: Set<string>): string[] => [...a].filter((item) => !b.has(item));
    const explained = (items: string[], table: [RegExp, string][]) => ({
      unexplained: items.filter((item) => !table.some(([pattern]) => pattern.test(item))),
      idle: table.filter(([pattern]) => !items.some((item) => pattern.test(item))),
    });
    expect(theirs.size).toBeGreaterThan(80);
    expect(explained(only(theirs, mine), left)).toEqual({ unexplained: [], idle: [] });
    expect(explained(only(mine, theirs), added)).toEqual({ unexplained: [], idle: [] });
  });

  it('has machines that AWS takes', async () => {
    for (const { definition } of ours) {
      const found = await diagnose(JSON.stringify(definition), 'STANDARD');
      expect(found.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    }
  });

  it('watches each machine, and grants no more than it needs', () => {
    const resources = Object.values(template.Resources as JsonObject) as JsonObject[];
    const of = (type: string): JsonObject[] =>
      resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties as JsonObject);
    const alarms = of('AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName);
    for (const machine of ['command', 'task', 'import-csv', 'import-zip'])
      for (const what of ['failed', 'timed-out', 'throttled', 'waiting'])
        expect(alarms).toContain(`dev-demo-${machine}-${what}`);
    const sources = of('AWS::Lambda::EventSourceMapping');
    expect(JSON.stringify(sources[0]?.FilterCriteria)).toContain('INSERT');
    expect(JSON.stringify(of('AWS::IAM::Policy'))).not.toMatch(/"\w+:\*"/);
  });
}, 60_000);

it('constructs of workflows can be deployed, in one stack with the function and in two', async () => {
  expect(await synthesised(3, 8)).toEqual({ constructs: 16, faults: [] });
}, 60_000);

it('a circle of resources is seen, and a reference to what is not there', () => {
  const refers = (to: string) => ({ Type: 'X', Properties: { A: { 'Fn::GetAtt': [to, 'Arn'] } } });
  const Resources = { One: refers('Two'), Two: { Type: 'X', DependsOn: ['Three'] }, Three: refers('One') };
  expect(templateFaults({ Resources })).toEqual(['circular dependency: One -> Two -> Three -> One']);
  expect(templateFaults({ Resources: { One: refers('None') } })).toEqual(['One refers to None']);
});
