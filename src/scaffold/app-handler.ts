import type { Project } from './project.js';

/** The one function of an application of the framework, as `local.functions` names it; undefined where there is none. */
export async function appHandler(project: Project): Promise<Record<string, string> | undefined> {
  const main = await project.read('src/main.ts');
  return main?.includes('createHandler') ? { '*': './dist/main.handler' } : undefined;
}
