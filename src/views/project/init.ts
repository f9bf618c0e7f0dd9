import type { Initialized } from '../../operations/project/init.js';
import { changeLines, diffLines } from './file-changes.js';

/** `init -o json`. */
export const initDocument = ({ findings, plan }: Initialized, dryRun: boolean) => ({
  dryRun,
  findings,
  config: JSON.parse(plan.changes[0]?.after ?? 'null') as unknown,
});

/** What was found, and what it makes of the config. */
export function* initLines({ findings, plan }: Initialized, dryRun: boolean, color: boolean) {
  for (const { what, where } of findings) yield `  found    ${what} (${where})`;
  if (plan.changes.length === 0) yield 'mbc-flow.json is already up to date.';
  if (!dryRun) yield* changeLines(plan.changes, color);
  else for (const change of plan.changes) yield* diffLines(change, color);
}

export const nextLines = (next: string[]): string[] => next.map((line) => `  next     ${line}`);
