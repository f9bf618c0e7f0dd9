import { writeWhole } from '../../files/result-file.js';
import type { CaseResult } from '../../operations/flow-test/run-flow-tests.js';
import { updatedFiles } from '../../operations/flow-test/update-flow-test.js';
import type { Context } from '../shell/context.js';

/** Writes what came into the files of the cases that failed. */
export async function updateFiles(
  { cwd, err, dryRun }: Context,
  failed: readonly CaseResult[],
): Promise<void> {
  for (const { test, text, cases } of await updatedFiles(failed)) {
    const what = cases === 1 ? '1 case' : `${cases} cases`;
    if (!dryRun) await writeWhole(cwd, test.path, [text]);
    err.notice(`${dryRun ? 'Would update' : 'Updated'} ${what} in ${test.path}`);
  }
}
