import { exitCodes, FlowError } from '../../errors.js';
import { type Finding, planConfig } from '../../scaffold/config-file.js';
import type { Plan, Project } from '../../scaffold/project.js';

export interface Initialized {
  plan: Plan;
  findings: Finding[];
}

/** @throws FlowError 5 when there is another mbc-flow.json already */
export async function init(
  project: Project,
  dotenv: Record<string, string>,
  appTarget: 'local' | 'env',
  force: boolean,
): Promise<Initialized> {
  const made = await planConfig(project, dotenv, appTarget);
  if (made.plan.conflicts.length > 0 && !force) {
    throw new FlowError(exitCodes.conflict, 'FileExists', 'there is a config already', {
      where: 'mbc-flow.json',
      hint: 'see what would change: mbc-flow init --dry-run --force; overwrite it: --force',
    });
  }
  return made;
}
