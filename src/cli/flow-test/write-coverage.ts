import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { MachineCoverage } from '../../operations/flow-test/run-flow-tests.js';
import { coverageFiles } from '../../views/flow-test/coverage-page.js';
import type { Context } from '../shell/context.js';

/** Writes index.html, and a picture of each machine. */
export async function writeCoverage(
  { cwd, err }: Context,
  folder: string,
  coverage: readonly MachineCoverage[],
): Promise<void> {
  const target = resolve(cwd, folder);
  await mkdir(target, { recursive: true });
  for (const [name, text] of coverageFiles(coverage)) await writeFile(join(target, name), text);
  err.notice(`Coverage: ${join(folder, 'index.html')}`);
}
