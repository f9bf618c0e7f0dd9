import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeWhole } from '../../files/result-file.js';
import { folderFaultWords, unwritable } from '../../files/system-errors.js';
import type { MachineCoverage } from '../../operations/flow-test/run-flow-tests.js';
import { coverageFiles } from '../../views/flow-test/coverage-page.js';
import type { Context } from '../shell/context.js';

/** Writes index.html, and a picture of each machine. */
export async function writeCoverage(
  { cwd, err }: Context,
  folder: string,
  coverage: readonly MachineCoverage[],
): Promise<void> {
  await mkdir(resolve(cwd, folder), { recursive: true }).catch((error) => {
    throw unwritable(folder, folderFaultWords(error), error);
  });
  for (const [name, text] of coverageFiles(coverage)) await writeWhole(cwd, join(folder, name), [text]);
  err.notice(`Coverage: ${join(folder, 'index.html')}`);
}
