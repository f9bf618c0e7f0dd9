import type { Scaffolded } from '../../operations/project/scaffold.js';
import { changeLines, diffLines } from './file-changes.js';

/** `scaffold -o json`: what was done (or would be). */
export const scaffoldDocument = ({ names, plan }: Scaffolded, dryRun: boolean) => ({
  name: names.kebab,
  dryRun,
  files: plan.changes.map(({ path, before }) => ({
    path,
    action: before === undefined ? 'create' : 'change',
  })),
  notices: plan.notices,
  next: plan.next,
});

export function scaffoldLines({ plan: { changes } }: Scaffolded, dryRun: boolean, color: boolean): string[] {
  if (changes.length === 0) return ['Everything already exists; nothing was changed.'];
  return dryRun ? changes.flatMap((change) => diffLines(change, color)) : changeLines(changes, color);
}

/** What to type next, where something was written. */
export const scaffoldNextLines = ({ plan: { changes, next } }: Scaffolded): string[] =>
  next.length === 0 || changes.length === 0
    ? []
    : ['', ...next.map((line, index) => `  ${index === 0 ? 'next' : '    '}  ${line}`)];
