import { yamlText } from '../../operations/flow-test/edit-flow-test.js';
import type { MachineCoverage } from '../../operations/flow-test/run-flow-tests.js';
import { draftOf } from '../../workflow/flow-test/draft-missing-case.js';
import type { Printer } from '../shell/printer.js';

/** What no case takes, as comments, and the drafts, which can be pasted into a test file's cases. */
export async function printMissing(out: Printer, coverage: readonly MachineCoverage[]): Promise<void> {
  for (const { name, file, all, definition } of coverage) {
    const open = all.filter(({ taken }) => !taken);
    const head = `${name}${file === undefined ? '' : ` (${file})`}`;
    out.line(open.length === 0 ? `# ${head}: nothing is missing` : `# ${head}: ${open.length} not taken`);
    for (const one of open) {
      out.line(`#   ${one.kind.padEnd(10)}  ${one.text.replaceAll(/\s+/g, ' ')}`);
    }
    const drafts = open.flatMap((one) => draftOf(one, all, definition) ?? []);
    if (drafts.length > 0) for (const line of (await yamlText(drafts)).trimEnd().split('\n')) out.line(line);
  }
}
