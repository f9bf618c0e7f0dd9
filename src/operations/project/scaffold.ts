import { exitCodes, FlowError } from '../../errors.js';
import { type Names, readNames } from '../../scaffold/names.js';
import { planWorkflow, type WorkflowKind, workflowKinds } from '../../scaffold/plan.js';
import { create } from '../../scaffold/plan-file.js';
import type { Plan, Project } from '../../scaffold/project.js';
import { rename } from '../../scaffold/render.js';
import { makeWorkflow, type WorkflowOptions } from '../../scaffold/workflow.js';

export interface Scaffolding extends WorkflowOptions {
  kind: string;
  name: string;
  force: boolean;
}

/** The package's own templates. */
export interface Templates {
  read(path: string): string;
  /** Every file under a folder of theirs, as paths below it. */
  list(folder: string): string[];
}

const scaffoldKinds: readonly string[] = [...workflowKinds, 'stack', 'app'];

export interface Scaffolded {
  names: Names;
  plan: Plan;
}

/**
 * Plans what `scaffold` will write; `write` does it whole or not at all.
 * @throws FlowError 2: kind or name; 5: an existing file would be overwritten, or cannot be patched safely
 */
export async function planScaffold(
  project: Project,
  templates: Templates,
  scaffolding: Scaffolding,
): Promise<Scaffolded> {
  const { kind, force } = scaffolding;
  if (!scaffoldKinds.includes(kind)) {
    throw new FlowError(exitCodes.usage, 'UnknownKind', `there is no kind ${kind}`, {
      hint: `one of ${scaffoldKinds.join(', ')}`,
    });
  }
  const names = readNames(scaffolding.name);
  const plan = isWorkflowKind(kind)
    ? await planWorkflow(project, kind, makeWorkflow(names, scaffolding), templates.read)
    : kind === 'app'
      ? await planApp(project, templates, names)
      : await planStack(project, templates, names);
  if (plan.conflicts.length > 0 && !force) {
    throw new FlowError(
      exitCodes.conflict,
      'FileExists',
      `${plan.conflicts.length === 1 ? 'a file is' : 'files are'} already there with different contents: ${plan.conflicts.join(', ')}`,
      {
        where: plan.conflicts[0],
        hint: 'nothing was written. See the difference: --dry-run --force; overwrite: --force',
        details: { conflicts: plan.conflicts },
      },
    );
  }
  return { names, plan };
}

/** An application's folder is called as it is. */
export const appFolder = (name: string): string => readNames(name).kebab;

const isWorkflowKind = (kind: string): kind is WorkflowKind =>
  (workflowKinds as readonly string[]).includes(kind);

/** A kind whose templates are taken as they are, with the name put in. */
async function planFolder(project: Project, templates: Templates, kind: string, names: Names): Promise<Plan> {
  const plan: Plan = { changes: [], conflicts: [], notices: [], next: [] };
  for (const path of templates.list(kind)) {
    await create(plan, project, targetPath(path, names), rename(templates.read(`${kind}/${path}`), names));
  }
  return plan;
}

async function planStack(project: Project, templates: Templates, names: Names): Promise<Plan> {
  const plan = await planFolder(project, templates, 'stack', names);
  const { pascal, kebab } = names;
  plan.notices.push(
    `to deploy it, add it to your CDK app: new ${pascal}Stack(app, '${pascal}', { stage, appName, code, sesFromEmail, tables, bucket }), of infra/libs/${kebab}-stack.ts`,
  );
  const manifests = await Promise.all(
    ['infra/package.json', 'package.json'].map((path) => project.read(path)),
  );
  if (!manifests.some((text) => text?.includes('"aws-cdk-lib"')))
    plan.next.push('npm install aws-cdk-lib constructs');
  return plan;
}

/** npm leaves files out of a package that begin with a dot: theirs begin with `dot-`. */
const targetPath = (path: string, names: Names): string => rename(path, names).replace(/(^|\/)dot-/, '$1.');

/** The application without workflows of its own, and one that waits for an approval scaffolded into it. */
async function planApp(project: Project, templates: Templates, names: Names): Promise<Plan> {
  // A config above that several applications share is extended, not hidden by one of its own.
  const shared = project.config !== undefined && project.config.path !== 'mbc-flow.json';
  const own = templates.list('app').filter((path) => !(shared && path === 'mbc-flow.json'));
  const base = await planFolder(project, { ...templates, list: () => own }, 'app', names);
  const texts = new Map(own.map((path) => [targetPath(path, names), path]));
  const overlaid: Project = {
    ...project,
    async read(path) {
      const template = texts.get(path);
      return template === undefined
        ? await project.read(path)
        : rename(templates.read(`app/${template}`), names);
    },
    list: async (under, ending) =>
      [...texts.keys()].filter((path) => path.startsWith(`${under}/`) && path.endsWith(ending)),
  };
  const options = {
    approval: true,
    map: false,
    csvImport: false,
    zipImport: false,
    queryLanguage: 'JSONPath',
  } as const;
  const workflow = makeWorkflow(readNames('approval'), options);
  const added = await planWorkflow(overlaid, 'workflow', workflow, templates.read);
  const plan: Plan = { changes: [], conflicts: [], notices: [], next: [] };
  const after = new Map([...base.changes, ...added.changes].map((change) => [change.path, change.after]));
  for (const [path, text] of after) {
    const above = shared && path === project.config?.path;
    if (above) plan.changes.push({ path, before: await project.read(path), after: text });
    else await create(plan, project, path, text);
  }
  plan.next.push(`cd ${names.kebab} && npm install && npm run build`, 'mbc-flow dev');
  return plan;
}
