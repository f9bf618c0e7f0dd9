import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/asl/definition.js';
import type { JsonObject } from '../../src/json/json.js';
import { facts } from '../shared.js';
import { unexplained } from './corrections.js';
import {
  type Deployed,
  deployedBy,
  differences,
  documentedMachines,
  newStack,
  place,
} from './documentation.js';

/** What the templates of `scaffold stack` synthesise, as they stand. */
async function ourStack(): Promise<cdk.Stack> {
  // The template is a program of its own, with another compiler configuration than ours.
  const path = '../../templates/stack/infra/libs/sample-workflow-stack.ts';
  const { SampleWorkflowStack } = (await import(path)) as Record<
    string,
    new (
      ...args: unknown[]
    ) => cdk.Stack
  >;
  const { app, stack } = newStack();
  const table = new dynamodb.Table(stack, 'tasks', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    stream: dynamodb.StreamViewType.NEW_IMAGE,
  });
  if (!SampleWorkflowStack) throw new Error('the template has no stack');
  return new SampleWorkflowStack(app, 'workflows', {
    env: { account: place.account, region: place.region },
    prefix: 'dev-demo-',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    tables: [table],
    bucket: s3.Bucket.fromBucketName(stack, 'bucket', 'dev-demo-ddb-attributes'),
  });
}

describe('scaffold stack', () => {
  let stack: cdk.Stack;
  let ours: Deployed[];
  beforeAll(async () => {
    stack = await ourStack();
    ours = deployedBy(stack);
  });

  facts.test('is the documentation’s three machines, but for the corrections of the table', () => {
    const theirs = documentedMachines(facts.text('documentation.ja.md'));
    const found = ['command', 'task', 'import-csv'].flatMap((name, index) =>
      differences(theirs[index] as unknown as JsonObject, ours[index] as unknown as JsonObject, name),
    );
    expect(unexplained(found)).toEqual({ differences: [], corrections: [] });
  });

  it('has machines that AWS takes', async () => {
    for (const { definition } of ours) {
      const found = await diagnose(JSON.stringify(definition), 'STANDARD');
      expect(found.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    }
  });

  it('has what starts, feeds and watches them', () => {
    const template = cdk.App.of(stack)?.synth().getStackByName(stack.stackName).template as JsonObject;
    const resources = Object.values(template.Resources as JsonObject) as JsonObject[];
    const of = (type: string): JsonObject[] =>
      resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties as JsonObject);
    const sources = of('AWS::Lambda::EventSourceMapping');
    expect(sources.map(({ BatchSize }) => BatchSize)).toEqual([1, 1, 1, 1]);
    expect(JSON.stringify(sources[0]?.FilterCriteria)).toContain('INSERT');
    expect(of('AWS::SQS::Queue').filter(({ RedrivePolicy }) => RedrivePolicy !== undefined)).toHaveLength(3);
    const alarms = of('AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName);
    for (const machine of ['command', 'task', 'import-csv'])
      for (const what of ['failed', 'timed-out', 'throttled', 'waiting'])
        expect(alarms).toContain(`dev-demo-${machine}-${what}`);
    expect(of('AWS::CloudWatch::Dashboard')).toHaveLength(1);
    const policies = JSON.stringify(of('AWS::IAM::Policy'));
    for (const action of [
      'states:SendTaskSuccess',
      'states:StartExecution',
      'states:RedriveExecution',
      'lambda:InvokeFunction',
    ])
      expect(policies).toContain(action);
    expect(policies).not.toContain('"states:*"');
  });
}, 60_000);
