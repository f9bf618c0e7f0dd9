import { exitCodes, FlowError } from '../errors.js';
import { adapted } from './app-style.js';
import type { Patched, Plan, Project } from './project.js';

/** A file of our own making: made, left alone when it is just that already, else a conflict. */
export async function create(plan: Plan, project: Project, path: string, text: string): Promise<void> {
  const before = await project.read(path);
  const after = hasStyle(path) ? await adapted(project, path, text) : text;
  if (before === after) return;
  // Made before its prettier was installed.
  if (before !== undefined && hasStyle(path) && (await adapted(project, path, before)) === after) return;
  if (before !== undefined) plan.conflicts.push(path);
  plan.changes.push({ path, before, after });
}

/** Takes a patch into the plan. A file that its prettier would leave as it is stays so. */
export async function change(
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
      `${what} cannot be changed safely: ${patched.why}`,
      {
        where: path,
        hint: `add by hand: ${byHand.join('; ')}`,
      },
    );
  }
  const neat = hasStyle(path) && (await project.format(path, before)) === before;
  const after = neat ? ((await project.format(path, patched.text)) ?? patched.text) : patched.text;
  const known = plan.changes.find((one) => one.path === path);
  if (known) known.after = after;
  else plan.changes.push({ path, before, after });
}

/** ASL is JSON too, and an application's prettier looks at all of its files. */
const hasStyle = (path: string): boolean => /\.(ts|json)$/.test(path);
