import { posix } from 'node:path';
import { exitCodes, FlowError } from '../../errors.js';
import { specifier } from '../app-style.js';
import type { Names } from '../names.js';
import { change, create } from '../plan-file.js';
import type { Plan, Project } from '../project.js';
import { render } from '../render.js';
import { addRoute, type Factory, findFactories } from './factory.js';
import { addToModule, rootModule } from './module.js';

/** The class that makes events, and the file that exports it. */
export type EventFactory = Pick<Factory, 'path' | 'className'>;

/** The workflow's events get their class: in the factory that is there, else in one of our own. Answers which it is. */
export async function patchFactory(
  plan: Plan,
  project: Project,
  names: Names,
  template: (path: string) => string,
): Promise<EventFactory> {
  const factory = await theFactory(project);
  const event = `${names.pascal}SfnEvent`;
  const file = `src/${names.kebab}/handler/${names.kebab}.sfn.event`;
  if (factory) {
    const route = { machine: names.kebab, event, from: await relative(project, factory.path, file) };
    await change(plan, project, factory.path, factory.text, addRoute(factory, route), 'the event factory', [
      `in its transformStepFunction: return [new ${event}(event)] for the machine ${names.kebab}`,
    ]);
    return factory;
  }
  const path = 'src/event-factory.ts';
  const text = render(template('workflow/src/event-factory.ts'), { names, words: {}, flags: {}, lists: {} });
  const route = { machine: names.kebab, event, from: await relative(project, path, file) };
  const className = 'CustomEventFactory';
  const made = addRoute({ path, className, text }, route);
  await create(plan, project, path, made.kind === 'patched' ? made.text : text);
  await patchRootModule(plan, project, { array: 'providers', name: className, path });
  return { path, className };
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
    `several event factories are ${another ? 'registered' : 'defined'}, but the framework uses only one: ${places.join(', ')}`,
    {
      where: found[0]?.path,
      hint: 'keep one class decorated with @EventFactory() in the providers, then run scaffold again',
    },
  );
}

interface RootMember {
  array: 'imports' | 'providers';
  name: string;
  /** Of the file that exports it. */
  path: string;
}

/** The workflow's module among the imports of the application's. */
export const patchModule = (plan: Plan, project: Project, { pascal, kebab }: Names): Promise<void> =>
  patchRootModule(plan, project, {
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
    plan.notices.push(`no root module found: add ${name} (${path}) to the ${array} of your root module`);
    return;
  }
  // An earlier patch of this plan may have changed it already.
  const pending = plan.changes.find((one) => one.path === root.path);
  const text = pending?.after ?? root.text;
  const member = { array, name, from: await relative(project, root.path, path.replace(/\.ts$/, '')) };
  const patched = addToModule(root.path, text, member, root.className);
  await change(plan, project, root.path, text, patched, 'the root module', [
    `${name} from ${member.from} in the ${array} of its @Module`,
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

/** `./approval/handler/x` from `src/event-factory.ts`. */
function relative(project: Project, from: string, to: string): Promise<string> {
  const path = posix.relative(posix.dirname(from), to);
  return specifier(project, path.startsWith('.') ? path : `./${path}`);
}
