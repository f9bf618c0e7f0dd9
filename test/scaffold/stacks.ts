import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { newApp, place } from './documentation.js';

export const prefix = 'dev-demo-';
const env = { account: place.account, region: place.region };
const code = lambda.Code.fromInline('exports.handler = async () => {}');

/** Classes of the templates, which are programs of their own with another compiler configuration than ours. */
async function template<T>(path: string, name: string): Promise<T> {
  const file = `../../templates/stack/infra/libs/${path}`;
  const made = (await import(file)) as Record<string, T>;
  const found = made[name];
  if (!found) throw new Error(`templates/stack/infra/libs/${path} has no ${name}`);
  return found;
}

interface StackProps extends cdk.StackProps {
  stage: string;
  appName: string;
  sesFromEmail: string;
  code: lambda.Code;
  tables: dynamodb.ITable[];
  bucket: s3.IBucket;
}

const table = (scope: Construct, id: string): dynamodb.Table =>
  new dynamodb.Table(scope, id, {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    stream: dynamodb.StreamViewType.NEW_IMAGE,
  });

/** What `scaffold stack` makes, beside a stack with the application's tables and bucket. */
export async function frameworkStack(): Promise<cdk.Stack> {
  const Stack = await template<new (scope: Construct, id: string, props: StackProps) => cdk.Stack>(
    'sample-workflow-stack.ts',
    'SampleWorkflowStack',
  );
  const app = newApp();
  const data = new cdk.Stack(app, 'data', { env });
  return new Stack(app, 'workflows', {
    env,
    stage: 'dev',
    appName: 'demo',
    sesFromEmail: 'nobody@example.com',
    code,
    tables: ['tasks', 'sample-command', 'import_tmp'].map((id) => table(data, id)),
    bucket: s3.Bucket.fromBucketName(data, 'bucket', `${prefix}ddb-attributes`),
  });
}

type Part = new (scope: Construct, id: string, props: object) => object;

/** The constructs of `scaffold stack` in the very stack of an application's function, or in another. */
export async function constructsOf(apart: boolean): Promise<cdk.App> {
  const app = newApp();
  const own = new cdk.Stack(app, 'application', { env });
  const handler = functionIn(own);
  const bucket = new s3.Bucket(own, 'bucket');
  const tables = [table(own, 'tasks')];
  const scope = apart ? new cdk.Stack(app, 'workflows', { env }) : own;
  const props = { prefix, handler, bucket, tables };
  const make = async (name: string, more: object = {}): Promise<object> => {
    const file = name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase();
    const Class = await template<Part>(`sample-workflow/${file}.ts`, name);
    return new Class(scope, name, { ...props, ...more });
  };
  await make('FunctionRights');
  const stateMachines = {
    command: await make('CommandStateMachine'),
    task: await make('TaskStateMachine'),
    'import-csv': await make('ImportCsvStateMachine'),
    'import-zip': await make('ImportZipStateMachine'),
  };
  const messaging = (await make('Messaging')) as { queues: object[]; deadLetters: object[]; alarms: object };
  const { queues, deadLetters, alarms } = messaging;
  await make('EventSources', { queues });
  await make('Monitoring', { stateMachines, queues, deadLetters, topic: alarms });
  return app;
}

export const functionIn = (stack: cdk.Stack): lambda.Function =>
  new lambda.Function(stack, 'lambda-api', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'main.handler',
    code,
  });
