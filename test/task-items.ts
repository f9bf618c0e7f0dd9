import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `task start -o json` prints. */
export interface Told {
  batch: string;
  executions: string[];
  items: { total: number; succeeded: number; failed: number; notRun: number };
  results: { index: number; status: string; output?: unknown; error?: string; message?: string }[];
}

export function withFiles(cwd: string, files: Record<string, string | Uint8Array>): string {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
}

/** A function in the shape of the framework's: it notes each item down, and swallows its own errors. */
export const swallowing = `
import { appendFileSync, existsSync } from 'node:fs';
export const handler = async ({ input }) => {
  appendFileSync(new URL('ran.txt', import.meta.url), input.id + '\\n');
  try {
    if (input.bad && !existsSync(new URL('cured', import.meta.url))) throw new Error('no stock');
    return [[{ done: input.id }]];
  } catch {
    return [[undefined]];
  }
};
`;
export const config = JSON.stringify({ local: { functions: { '*': './function.mjs' } } });

export const items = (count: number, isBad: (id: number) => boolean): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, id) => ({ id, ...(isBad(id) && { bad: true }) })),
    null,
    1,
  );

/** The items that the function was given, in that order. */
export const ranIn = (cwd: string): number[] =>
  readFileSync(join(cwd, 'ran.txt'), 'utf8').trim().split('\n').map(Number);
