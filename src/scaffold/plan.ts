import { localAccount, localRegion } from '../framework/conventions.js';
import { isObject, type JsonObject } from '../json/json.js';
import { parseJson } from '../json/parse.mjs';
import { appHandler } from './app-handler.js';
import { functionPlaceholder } from './machine.js';
import { dependOnUs, testRunner } from './manifest.js';
import { extendConfig, placeOf } from './merge-config.js';
import type { Names } from './names.js';
import { addVariable } from './patch/env.js';
import { addLocalMachine } from './patch/serverless.js';
import { change, create } from './plan-file.js';
import type { Plan, Project } from './project.js';
import type { Filling } from './render.js';
import type { EventFactory } from './typescript/patch-application.js';
import { machineFile, type Workflow, workflowFiles } from './workflow.js';

export const workflowKinds = ['workflow', 'event', 'handler', 'factory', 'service', 'machine'] as const;
export type WorkflowKind = (typeof workflowKinds)[number];

/** What each kind makes, and what of the project it patches. */
const parts: Record<WorkflowKind, { files: string[]; patches: Patch[] }> = {
  workflow: {
    files: ['event', 'handler', 'service', 'module', 'machine', 'construct'],
    patches: ['factory', 'module', 'environment', 'local machine', 'flow test'],
  },
  event: { files: ['event'], patches: [] },
  handler: { files: ['event', 'handler'], patches: [] },
  factory: { files: ['event'], patches: ['factory'] },
  service: { files: ['event', 'service'], patches: ['environment'] },
  machine: { files: ['machine', 'construct'], patches: ['local machine'] },
};
type Patch = 'factory' | 'module' | 'environment' | 'local machine' | 'flow test';

/**
 * What scaffolding a workflow would change in a project, as whole texts: nothing is written here.
 * @throws FlowError 5: an existing file cannot be patched safely; it says what to write by hand
 */
export async function planWorkflow(
  project: Project,
  kind: WorkflowKind,
  workflow: Workflow,
  template: (path: string) => string,
): Promise<Plan> {
  const plan: Plan = { changes: [], conflicts: [], notices: [], next: [] };
  const { files, patches } = parts[kind];
  const runner = await testRunner(project);
  const { names } = workflow;
  const make = async (kinds: string[], words: Filling['words'] = {}): Promise<void> => {
    const { filling } = workflow;
    const flags = { ...filling.flags, vitest: runner.name === 'vitest' };
    const filled = { ...workflow, filling: { ...filling, flags, words: { ...filling.words, ...words } } };
    for (const { path, text } of workflowFiles(filled, kinds, template))
      await create(plan, project, path, text);
  };
  await make(files);
  if (patches.includes('factory')) {
    // TypeScript's compiler is larger than all the rest.
    const { patchFactory, patchModule } = await import('./typescript/patch-application.js');
    const factory = await patchFactory(plan, project, names, template);
    if (patches.includes('module')) await patchModule(plan, project, names);
    if (patches.includes('flow test') && workflow.flowTest !== undefined) {
      await make(['flow test'], factoryWords(factory));
      await dependOnUs(plan, project);
      if (runner.dropsTypes)
        plan.notices.push(
          'vitest before 4 drops the types by which Nest injects: add unplugin-swc, or update vitest',
        );
    }
  }
  if (patches.includes('environment')) await patchEnvironment(plan, project, names);
  if (patches.includes('local machine')) await patchLocalMachines(plan, project, workflow);
  if (files.includes('handler') && workflow.filling.lists.state?.length === 0)
    plan.notices.push('no state of the machine calls a function: its handler has nothing to do');
  if (files.includes('construct')) plan.notices.push(...deploymentNotices(workflow));
  if (patches.includes('local machine')) plan.next.push(...(await nextLines(project, kind, workflow)));
  return plan;
}

/** Where the application's factory is, in the words of the template that imports it. */
const factoryWords = ({ path, className }: EventFactory): Filling['words'] => ({
  '../../../src/event-factory': `../../../${path.replace(/\.ts$/, '')}`,
  CustomEventFactory: className,
});

/** What only the stack of the application can do. */
function deploymentNotices({ names, filling, definition }: Workflow): string[] {
  const props = ['prefix', 'handler', ...(filling.flags.csv ? ['bucket'] : [])].join(', ');
  const own = `new ${names.pascal}StateMachine(this, '${names.pascal}', { ${props} })`;
  const others = placeholdersOf(definition).filter((one) => one !== functionPlaceholder);
  return [
    `to deploy it, add it to your CDK stack: ${own}, of infra/libs/${names.kebab}-state-machine.ts`,
    ...(others.length > 0
      ? [`the definition also has ${others.join(', ')}: add them to definitionSubstitutions`]
      : []),
  ];
}

const placeholdersOf = (definition: JsonObject): string[] => [
  ...new Set(JSON.stringify(definition).match(/\$\{[^}"]*\}/g) ?? []),
];

/** A first run, as it can be typed: the function is built, its input is there. */
async function nextLines(project: Project, kind: WorkflowKind, workflow: Workflow): Promise<string[]> {
  const { names, input, filling } = workflow;
  const scripts = parseObject((await project.read('package.json')) ?? '{}')?.scripts;
  const built = isObject(scripts) && scripts.build !== undefined;
  const uploads =
    input.bucket === undefined
      ? []
      : [
          'mbc-flow dev    # in another terminal',
          `printf 'id,name\\n1,first\\n' > ${String(input.key)}`,
          `curl -T ${String(input.key)} http://127.0.0.1:${await localPort(project)}/${String(input.bucket)}/`,
        ];
  return [
    ...(built ? ['npm run build'] : []),
    ...uploads,
    `mbc-flow start ${names.kebab} --input '${JSON.stringify(input)}'`,
    ...(filling.flags.waits && kind === 'workflow' ? ['mbc-flow approve r-1'] : []),
  ];
}

/** Where `mbc-flow dev` answers. */
async function localPort(project: Project): Promise<string> {
  const dotenv = (await project.read('.env')) ?? '';
  return /^\s*LOCAL_SFN_PORT\s*=\s*["']?(\d+)/m.exec(dotenv)?.[1] ?? '8083';
}

async function patchEnvironment(plan: Plan, project: Project, names: Names): Promise<void> {
  const name = `SFN_${names.constant}_ARN`;
  const arn = `arn:aws:states:${localRegion}:${localAccount}:stateMachine:${names.kebab}`;
  let found = false;
  for (const path of ['.env', '.env.local', '.env.example']) {
    const before = await project.read(path);
    if (before === undefined) continue;
    found = true;
    const after = addVariable(before, name, arn);
    if (after !== before) plan.changes.push({ path, before, after });
  }
  if (!found) plan.changes.push({ path: '.env', after: addVariable('', name, arn) });
}

/** Both local environments learn of the machine: ours by the config, the framework's by its serverless.yml. */
async function patchLocalMachines(
  plan: Plan,
  project: Project,
  { names, definition }: Workflow,
): Promise<void> {
  const file = machineFile(names);
  const functions = await appHandler(project);
  const local = { ...(functions && { functions }), machines: { [names.kebab]: `./${file}` } };
  if (!(await extendConfig(plan, project, { local })))
    plan.notices.push(`${placeOf(project).path} is not JSON: add ${file} to its local.machines`);
  for (const file of ['infra-local/serverless.yml', 'infra-local/serverless.yaml']) {
    const text = await project.read(file);
    if (text === undefined) continue;
    const local = withFunction(definition, functionOf(text));
    await change(
      plan,
      project,
      file,
      text,
      addLocalMachine(text, names.kebab, local),
      'the local environment',
      [`stepFunctions.stateMachines.${names.kebab}, with the definition of ${machineFile(names)}`],
    );
  }
}

/** The function that the file's other machines call; else the one of the framework's template. */
const functionOf = (serverless: string): string =>
  /arn:aws:lambda:[\w-]*:\d*:function:[\w-]+/.exec(serverless)?.[0] ??
  `arn:aws:lambda:${localRegion}:${localAccount}:function:serverless-example-dev-main`;

const withFunction = (definition: JsonObject, functionArn: string): JsonObject =>
  JSON.parse(JSON.stringify(definition).replaceAll(functionPlaceholder, functionArn)) as JsonObject;

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = parseJson(text);
    return isObject(value as JsonObject) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
