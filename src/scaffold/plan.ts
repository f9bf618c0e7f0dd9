import { posix } from 'node:path';
import { exitCodes, FlowError } from '../errors.js';
import { localAccount, localRegion } from '../framework/conventions.js';
import type { JsonObject } from '../json/json.js';
import { parseJson } from '../json/text.mjs';
import { appHandler } from './app-handler.js';
import { functionPlaceholder } from './machine.js';
import type { Names } from './names.js';
import { addVariable } from './patch/env.js';
import { addRoute, type Factory, findFactories, type Patched } from './patch/factory.js';
import { addToModule, rootModule } from './patch/module.js';
import { addLocalMachine } from './patch/serverless.js';
import type { Change, Plan, Project } from './project.js';
import { render } from './render.js';
import { machineFile, type Workflow, workflowFiles } from './workflow.js';

export const workflowKinds = ['workflow', 'event', 'handler', 'factory', 'service', 'machine'] as const;
export type WorkflowKind = (typeof workflowKinds)[number];

/** What each kind makes, and what of the project it patches. */
const parts: Record<WorkflowKind, { files: string[]; patches: Patch[] }> = {
  workflow: {
    files: ['event', 'handler', 'service', 'module', 'machine', 'construct'],
    patches: ['factory', 'module', 'environment', 'local machine'],
  },
  event: { files: ['event'], patches: [] },
  handler: { files: ['event', 'handler'], patches: [] },
  factory: { files: ['event'], patches: ['factory'] },
  service: { files: ['event', 'service'], patches: ['environment'] },
  machine: { files: ['machine', 'construct'], patches: ['local machine'] },
};
type Patch = 'factory' | 'module' | 'environment' | 'local machine';

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
  for (const { path, text } of workflowFiles(workflow, files, template))
    await create(plan, project, path, text);
  const { names } = workflow;
  for (const patch of patches) {
    if (patch === 'factory') await patchFactory(plan, project, names, template);
    else if (patch === 'module') await patchRootModule(plan, project, moduleMember(names));
    else if (patch === 'environment') await patchEnvironment(plan, project, names);
    else await patchLocalMachines(plan, project, workflow);
  }
  if (patches.includes('local machine'))
    plan.next.push(`mbc-flow start ${names.kebab} --input '{"requestId":"r-1"}'`);
  if (workflow.filling.flags.waits && kind === 'workflow') plan.next.push('mbc-flow approve r-1');
  return plan;
}

/** A file of our own making: made, left alone when it is just that already, else a conflict. */
export async function create(plan: Plan, project: Project, path: string, text: string): Promise<void> {
  const before = await project.read(path);
  const after = path.endsWith('.ts') ? await project.format(path, text) : text;
  if (before === after) return;
  if (before !== undefined) plan.conflicts.push(path);
  plan.changes.push({ path, before, after });
}

async function patchFactory(
  plan: Plan,
  project: Project,
  names: Names,
  template: (path: string) => string,
): Promise<void> {
  const factory = await theFactory(project);
  const event = `${names.pascal}SfnEvent`;
  const file = `src/${names.kebab}/handler/${names.kebab}.sfn.event`;
  if (factory) {
    const route = { machine: names.kebab, event, from: relative(factory.path, file) };
    await change(plan, project, factory.path, factory.text, addRoute(factory, route), 'the event factory', [
      `in its transformStepFunction: return [new ${event}(event)] for the machine ${names.kebab}`,
    ]);
    return;
  }
  const path = 'src/event-factory.ts';
  const text = render(template('workflow/src/event-factory.ts'), { names, words: {}, flags: {}, lists: {} });
  const route = { machine: names.kebab, event, from: relative(path, file) };
  const made = addRoute({ path, className: 'CustomEventFactory', text }, route);
  await create(plan, project, path, made.kind === 'patched' ? made.text : text);
  const member = { array: 'providers', name: 'CustomEventFactory', path } as const;
  await patchRootModule(plan, project, member);
}

/** The factory that the framework will take: it takes one alone. */
async function theFactory(project: Project): Promise<Factory | undefined> {
  const found = await findFactories(project);
  if (found.length < 2) return found[0];
  const registered: Factory[] = [];
  for (const path of await project.list('src', '.ts')) {
    const text = (await project.read(path)) ?? '';
    if (!text.includes('@Module') && !text.includes('.Module(')) continue;
    for (const factory of found)
      if (
        new RegExp(`providers\\s*:[^\\]]*\\b${factory.className}\\b`).test(text) &&
        !registered.includes(factory)
      )
        registered.push(factory);
  }
  const [only, another] = registered;
  if (only && !another) return only;
  const places = (another ? registered : found).map(({ path, className }) => `${className} (${path})`);
  throw new FlowError(
    exitCodes.conflict,
    'SeveralEventFactories',
    `several event factories are ${another ? 'registered' : 'there'}, of which the framework uses one alone: ${places.join(', ')}`,
    {
      where: found[0]?.path,
      hint: 'keep one class with @EventFactory() among the providers, and scaffold again',
    },
  );
}

interface RootMember {
  array: 'imports' | 'providers';
  name: string;
  /** Of the file that exports it. */
  path: string;
}

const moduleMember = ({ pascal, kebab }: Names): RootMember => ({
  array: 'imports',
  name: `${pascal}Module`,
  path: `src/${kebab}/${kebab}.module.ts`,
});

async function patchRootModule(
  plan: Plan,
  project: Project,
  { array, name, path }: RootMember,
): Promise<void> {
  const root = await theRootModule(project);
  if (!root) {
    plan.notices.push(`no root module found: add ${name} (${path}) to the ${array} of yours`);
    return;
  }
  // An earlier patch of this plan may have changed it already.
  const pending = plan.changes.find((one) => one.path === root.path);
  const text = pending?.after ?? root.text;
  const member = { array, name, from: relative(root.path, path.replace(/\.ts$/, '')) };
  const patched = addToModule(root.path, text, member, root.className);
  await change(plan, project, root.path, text, patched, 'the root module', [
    `${name} of ${member.from} among the ${array} of its @Module`,
  ]);
}

async function theRootModule(
  project: Project,
): Promise<{ path: string; text: string; className?: string } | undefined> {
  const main = 'src/main.ts';
  const named = rootModule(main, (await project.read(main)) ?? '');
  if (named) {
    const from = named.from.startsWith('.') ? posix.join('src', named.from) : named.from;
    const path = `${from.replace(/\.js$/, '')}.ts`;
    const text = await project.read(path);
    if (text !== undefined) return { path, text, className: named.className };
  }
  for (const path of ['src/main.module.ts', 'src/app.module.ts']) {
    const text = await project.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
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
  const path = 'mbc-flow.json';
  const before = await project.read(path);
  const after = addToConfig(before, names.kebab, `./${machineFile(names)}`, await appHandler(project));
  if (after === undefined)
    plan.notices.push(`${path} is not JSON: add ${machineFile(names)} to its local.machines`);
  else if (after !== before) plan.changes.push({ path, before, after });
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

/** Undefined where the file is no JSON object. */
function addToConfig(
  text: string | undefined,
  machine: string,
  file: string,
  handler: Record<string, string> | undefined,
): string | undefined {
  const config = parseObject(text ?? '{}');
  if (!config) return undefined;
  const local = (config.local ?? {}) as JsonObject;
  const machines = (local.machines ?? {}) as JsonObject;
  if (machines[machine] === file) return text;
  const functions = local.functions ?? handler;
  const next = {
    ...config,
    local: {
      ...(functions !== undefined && { functions }),
      ...local,
      machines: { ...machines, [machine]: file },
    },
  };
  const indent = /\n([ \t]+)"/.exec(text ?? '')?.[1] ?? '  ';
  const newline = text?.includes('\r\n') ? '\r\n' : '\n';
  return `${JSON.stringify(next, null, indent).replaceAll('\n', newline)}${newline}`;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a patch into the plan. A file that its prettier would leave as it is stays so. */
async function change(
  plan: Plan,
  project: Project,
  path: string,
  before: string,
  patched: Patched,
  what: string,
  byHand: string[],
): Promise<void> {
  if (patched.kind === 'unchanged') return;
  if (patched.kind === 'refused') {
    throw new FlowError(
      exitCodes.conflict,
      'CannotPatch',
      `${what} can't be changed safely: ${patched.why}`,
      {
        where: path,
        hint: `write by hand ${byHand.join('; ')}`,
      },
    );
  }
  const neat = path.endsWith('.ts') && (await project.format(path, before)) === before;
  const after = neat ? await project.format(path, patched.text) : patched.text;
  const known = plan.changes.find((one) => one.path === path);
  if (known) known.after = after;
  else plan.changes.push({ path, before, after } satisfies Change);
}

/** `./approval/handler/x` from `src/event-factory.ts`. */
function relative(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
