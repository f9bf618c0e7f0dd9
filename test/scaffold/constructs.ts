import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import fc from 'fast-check';
import typescript from 'typescript';
import { FlowError } from '../../src/errors.js';
import { packageTemplates } from '../../src/files/project/project-files.js';
import type { JsonObject } from '../../src/json/json.js';
import { lintText } from '../../src/lint/lint.js';
import { type Names, readNames } from '../../src/scaffold/names.js';
import { makeWorkflow, workflowFiles } from '../../src/scaffold/workflow.js';
import { afterEachFile } from '../tidying.js';
import { deploymentFaults } from './deployable.js';
import { newApp, place } from './documentation.js';
import { workflowName, workflowOptions } from './random-names.js';
import { functionIn, prefix } from './stacks.js';

const made: string[] = [];
afterEachFile(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Outcome {
  constructs: number;
  faults: string[];
}

/** Synthesises the constructs of `count` random workflows, beside their function and in a stack of their own. */
export async function synthesised(seed: number, count: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-constructs-'));
  made.push(folder);
  const classes = new Map<string, Part>();
  const random = fc.sample(fc.tuple(workflowName, workflowOptions), { seed, numRuns: 3 * count });
  for (const [name, options] of random) {
    const names = named(name);
    if (!names || classes.has(names.kebab)) continue;
    const workflow = makeWorkflow(names, options);
    const files = workflowFiles(workflow, ['construct', 'machine'], packageTemplates().read);
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    classes.set(names.kebab, load(folder, names));
    if (classes.size === count) break;
  }
  const outcome: Outcome = { constructs: 0, faults: [] };
  for (const apart of [false, true]) {
    const app = newApp();
    const env = { account: place.account, region: place.region };
    const own = new cdk.Stack(app, 'application', { env });
    const handler = functionIn(own);
    const scope = apart ? new cdk.Stack(app, 'workflows', { env }) : own;
    const bucket = new s3.Bucket(own, 'bucket');
    for (const [id, Class] of classes) {
      new Class(scope, id, { prefix, handler, bucket });
      outcome.constructs++;
    }
    outcome.faults.push(...deploymentFaults(app));
    const template = app.synth().getStackByName(scope.stackName).template as JsonObject;
    const options = { framework: true, read: async () => undefined };
    const { findings } = await lintText('stack.template.json', JSON.stringify(template), options);
    outcome.faults.push(...findings.map(({ code, message }) => `${code}: ${message}`));
  }
  return outcome;
}

function named(name: string): Names | undefined {
  try {
    return readNames(name);
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}

type Part = new (scope: Construct, id: string, props: object) => object;
const require = createRequire(import.meta.url);

function load(folder: string, { kebab, pascal }: Names): Part {
  const path = join(folder, `infra/libs/${kebab}-state-machine.ts`);
  const { outputText } = typescript.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022 },
  });
  const exported: Record<string, Part> = {};
  new Function('require', 'exports', '__dirname', outputText)(require, exported, dirname(path));
  const found = exported[`${pascal}StateMachine`];
  if (!found) throw new Error(`${path} has no ${pascal}StateMachine`);
  return found;
}
