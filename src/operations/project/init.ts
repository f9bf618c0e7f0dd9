import { exitCodes, FlowError } from '../../errors.js';
import { type Finding, planConfig } from '../../scaffold/config-file.js';
import type { Plan, Project } from '../../scaffold/project.js';

export interface Initialized {
  plan: Plan;
  findings: Finding[];
}

/** @throws FlowError 5 when there is a config already that would be changed, and that is not asked for, or that is no JSON */
export async function init(
  project: Project,
  dotenv: Record<string, string>,
  appTarget: 'local' | 'env',
  force: boolean,
): Promise<Initialized> {
  const made = await planConfig(project, dotenv, appTarget);
  const [where] = made.plan.conflicts;
  if (where !== undefined && made.plan.changes.length === 0)
    throw new FlowError(exitCodes.conflict, 'NotJson', 'the existing config is not valid JSON', {
      where,
      hint: 'correct it, then run mbc-flow init again',
    });
  if (where !== undefined && !force) {
    throw new FlowError(
      exitCodes.conflict,
      'FileExists',
      'a config already exists that lacks these entries',
      {
        where,
        hint: 'mbc-flow init --dry-run --force',
      },
    );
  }
  return made;
}
