import type { Json } from '../../json/json.js';
import { redactedValue } from '../../workflow/history/redact.js';
import { type Edit, edited } from './edit-flow-test.js';
import type { ReadFlowTest } from './read-flow-test.js';
import type { CaseResult } from './run-flow-tests.js';

/** The text of each file in which what came stands for what was expected; what has no answer stays as it is. */
export async function updatedFiles(
  failed: readonly CaseResult[],
): Promise<{ test: ReadFlowTest; text: string; cases: number }[]> {
  const byFile = new Map<ReadFlowTest, CaseResult[]>();
  for (const result of failed) {
    if (result.differences.some(({ what }) => what === 'answer')) continue;
    byFile.set(result.test, [...(byFile.get(result.test) ?? []), result]);
  }
  const files: { test: ReadFlowTest; text: string; cases: number }[] = [];
  for (const [test, results] of byFile) {
    const edits = results.flatMap(({ differences }) => differences.flatMap(editsOf));
    files.push({
      test,
      text: await edited(test.text, { yaml: test.yaml, root: await test.places.root() }, edits),
      cases: results.length,
    });
  }
  return files;
}

function editsOf({ what, at, actual }: CaseResult['differences'][number]): Edit[] {
  // A line that was not logged, a state that was not avoided: the expectation itself goes.
  if (what === 'logs' || what === 'visits' || what === 'avoids') return [{ at, value: undefined }];
  // What a case without `expect` is expected to do is to succeed.
  return [{ at, value: redactedValue(actual as Json | undefined) }];
}
