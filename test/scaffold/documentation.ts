import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import typescript from 'typescript';
import type { Json, JsonObject } from '../../src/json/json.js';
import { resolveTemplate } from '../../src/template/machines.js';
import { afterEachFile } from '../tidying.js';

/** A state machine as it is deployed, as far as its look goes. */
export interface Deployed {
  name: string;
  type: string;
  tracing: boolean;
  /** Level, whether data is included, and the days that log groups keep their events. */
  logs: Json;
  definition: JsonObject;
}

export const place = {
  partition: 'aws',
  region: 'ap-northeast-1',
  account: '101010101010',
  stackName: 'stack',
};

/** What a stack deploys, by the last part of its names. */
export function deployedBy(stack: cdk.Stack): Deployed[] {
  const template = cdk.App.of(stack)?.synth().getStackByName(stack.stackName).template as JsonObject;
  const resources = Object.values(template.Resources as JsonObject) as JsonObject[];
  const machines = resources.filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  const groups = resources.filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
  return resolveTemplate(template, place).machines.map(({ name, definition, substitutions }, index) => {
    const properties = machines[index]?.Properties as JsonObject;
    const logging = properties.LoggingConfiguration as JsonObject | undefined;
    const group = groups[0]?.Properties as JsonObject | undefined;
    const retention = group?.RetentionInDays ?? null;
    const text = 'text' in definition ? definition.text : '';
    const finished = Object.entries(substitutions).reduce(
      (done, [key, value]) => done.replaceAll(`\${${key}}`, String(value)),
      text,
    );
    return {
      name,
      type: String(properties.StateMachineType ?? 'STANDARD'),
      tracing: (properties.TracingConfiguration as JsonObject | undefined)?.Enabled === true,
      logs: logging
        ? { level: logging.Level ?? null, data: logging.IncludeExecutionData ?? false, days: retention }
        : null,
      definition: JSON.parse(finished) as JsonObject,
    };
  });
}

const made: string[] = [];
afterEachFile(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

// Its checks against CloudFormation's rules take seconds.
process.env.CDK_VALIDATION = 'false';

export function newApp(): cdk.App {
  const outdir = mkdtempSync(join(tmpdir(), 'mbc-flow-cdk-'));
  made.push(outdir);
  // How stacks refer to each other is for each app to say; without a word the CDK warns.
  const context = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };
  return new cdk.App({ analyticsReporting: false, outdir, context });
}

export function newStack(): { app: cdk.App; stack: cdk.Stack; handler: lambda.Function } {
  const app = newApp();
  const stack = new cdk.Stack(app, 'stack', { env: { account: place.account, region: place.region } });
  const handler = new lambda.Function(stack, 'lambda-api', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'main.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
  });
  return { app, stack, handler };
}

/** The page's three constructs, run as they stand, with the real CDK. */
export function documentedMachines(text: string): Deployed[] {
  const blocks = [...text.matchAll(/```typescript\n(.*?)```/gs)].map(([, code = '']) => code);
  const classes = blocks.filter((code) => code.includes('StateMachineConstruct extends'));
  const [distributed = ''] = blocks.filter((code) => code.includes('class DistributedMap extends'));
  const [declared = '', usage = ''] = distributed.split('// Usage in your stack');
  const program = [
    ...classes,
    declared,
    `export function importCsv(this: any, lambdaFunction: any) {${usage}}`,
  ].join('\n');
  const { outputText } = typescript.transpileModule(program, {
    compilerOptions: {
      module: typescript.ModuleKind.CommonJS,
      target: typescript.ScriptTarget.ES2022,
      esModuleInterop: true,
      useDefineForClassFields: false,
    },
  });
  const made: Partial<Documented> = {};
  new Function('require', 'exports', outputText)(createRequire(import.meta.url), made);
  const { CommandStateMachineConstruct: Command, TaskStateMachineConstruct: Task, importCsv } = made;
  if (!Command || !Task || !importCsv) throw new Error('the page shows other machines than it did');
  const makers: ((stack: cdk.Stack, lambdaFunction: lambda.Function) => unknown)[] = [
    (stack, lambdaFunction) => new Command(stack, 'Documented', { lambdaFunction }),
    (stack, lambdaFunction) => new Task(stack, 'Documented', { lambdaFunction }),
    (stack, lambdaFunction) => importCsv.call(stack, lambdaFunction),
  ];
  // The page uses what is deprecated today.
  const { JSII_DEPRECATED } = process.env;
  process.env.JSII_DEPRECATED = 'quiet';
  try {
    return makers.flatMap((make) => {
      const { stack, handler } = newStack();
      make(stack, handler);
      return deployedBy(stack);
    });
  } finally {
    process.env.JSII_DEPRECATED = JSII_DEPRECATED;
  }
}

type Construct = new (scope: cdk.Stack, id: string, props: { lambdaFunction: lambda.Function }) => object;
interface Documented {
  CommandStateMachineConstruct: Construct;
  TaskStateMachineConstruct: Construct;
  importCsv(this: cdk.Stack, lambdaFunction: lambda.Function): void;
}

/** Every place where two values differ: `path: theirs -> ours`. */
export function differences(theirs: Json | undefined, ours: Json | undefined, path = ''): Difference[] {
  if (isRecord(theirs) && isRecord(ours)) {
    const keys = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
    return keys.flatMap((key) => differences(theirs[key], ours[key], `${path}/${key}`));
  }
  return JSON.stringify(theirs) === JSON.stringify(ours)
    ? []
    : [{ path, theirs: theirs ?? null, ours: ours ?? null }];
}
export interface Difference {
  path: string;
  theirs: Json;
  ours: Json;
}

const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
