import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take 4 s or more alone, the longest first. One of them at the end of a run would hold it up. */
const long = [
  'test/cli/shell/slow-waits.test.ts',
  'test/stand-in/import.test.ts',
  'test/conformance/conformance.test.ts',
  'test/acceptance/acceptance.test.ts',
  'test/cli/import/import.test.ts',
  'test/stand-in/workflows.test.ts',
  'test/docs/blocks.test.ts',
  'test/cli/pending/remembered.test.ts',
  'test/cli/pending/spared-calls.test.ts',
  'test/jsonata/evaluator.test.ts',
  'test/cli/typed-back/typed-back.test.ts',
  'test/asl/data/bounded.test.ts',
  'test/advice/examples.test.ts',
  'test/cli/answer/paused.test.ts',
  'test/stand-in/zip.test.ts',
  'test/local/runtime/map-runs/map-runs.test.ts',
  'test/local/event-sources/queue.test.ts',
  'test/cli/shell/left.test.ts',
  'test/cli/answer/paused-scale.test.ts',
  'test/cli/shell/denials.test.ts',
  'test/conformance/cases/cases.test.ts',
  'test/cli/start/start-hanging.test.ts',
  'test/cli/execution/executions.test.ts',
  'test/cli/task/records.test.ts',
  'test/cli/watch/logs.test.ts',
  'test/cli/rehearsal/rehearse.test.ts',
  'test/local/logs/service.test.ts',
  'test/local/s3/aws-cli.test.ts',
  'test/local/functions/children/pools.test.ts',
  'test/contract/documents.test.ts',
  'test/operations/desk/poll-target.test.ts',
  'test/scaffold/generated.test.ts',
  'test/scaffold/testing-library.test.ts',
  'test/scaffold/in-process.test.ts',
  'test/scaffold/runs.test.ts',
  'test/examples/data-sync.test.ts',
  'test/examples/readmes.test.ts',
  'test/examples/real-core.test.ts',
  'test/e2e/import-faults.test.ts',
  'test/e2e/package.test.ts',
  'test/e2e/aws-cli.test.ts',
  'test/e2e/import.test.ts',
  'test/e2e/import-memory.test.ts',
  'test/e2e/watch.test.ts',
  'test/e2e/top-acts.test.ts',
  'test/e2e/carried-dev.test.ts',
  'test/e2e/zip-kills.test.ts',
  'test/e2e/job-control.test.ts',
  'test/e2e/compiled.test.ts',
  'test/e2e/outputs.test.ts',
  'test/e2e/task.test.ts',
];

/**
 * A project after the other, since each needs its workers anew, and `unit` last: its many short files fill up the end.
 * Within one the long files come first; for the others it is vitest's own order.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = long.filter((file) => !existsSync(join(this.ctx.config.root, file)));
    if (gone.length > 0) throw new Error(`test/order.ts names what is not there: ${gone.join(', ')}`);
    const rank = ({ project, moduleId }: TestSpecification): number => {
      const index = long.indexOf(relative(project.config.root, moduleId));
      return index < 0 ? long.length : index;
    };
    return (await super.sort(files)).sort(
      (a, b) =>
        a.project.config.sequence.groupOrder - b.project.config.sequence.groupOrder ||
        Number(a.project.name === 'unit') - Number(b.project.name === 'unit') ||
        a.project.name.localeCompare(b.project.name) ||
        rank(a) - rank(b),
    );
  }
}
