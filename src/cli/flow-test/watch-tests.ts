import { resolve } from 'node:path';
import { type ExitCode, FlowError } from '../../errors.js';
import type { ReadFlowTest } from '../../operations/flow-test/read-flow-test.js';
import type { Context } from '../shell/context.js';
import { exitCodeOf, leavingBy } from '../shell/leaving.js';

/** Runs again whenever one of the files changes, until it is interrupted. */
export async function watchTests(
  context: Context,
  readAll: () => Promise<ReadFlowTest[]>,
  runAll: (tests: ReadFlowTest[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { cwd, out, err, signal, clock } = context;
  let changed = (): void => {};
  const files = context.watchFiles(() => changed());
  let tests = await readAll();
  try {
    while (!signal.aborted) {
      const stopped = new AbortController();
      const change = new Promise<void>((resolve) => {
        changed = resolve;
      });
      files.set(tests.flatMap(filesOf).map((file) => resolve(cwd, file)));
      out.clear();
      await runAll(tests);
      err.notice('Waiting for changes; Ctrl-C ends.');
      await Promise.race([change, forEver(clock, AbortSignal.any([signal, stopped.signal]))]);
      stopped.abort();
      tests = await readAll().catch((error: unknown) => {
        // What is being written may be broken for a while.
        if (!(error instanceof FlowError)) throw error;
        err.notice([error.message, error.where].filter(Boolean).join('\n  at '));
        return tests;
      });
    }
  } finally {
    files.stop();
  }
  return exitCodeOf(leavingBy(signal));
}

const filesOf = ({ path, machinePath, mocksPath }: ReadFlowTest): string[] =>
  [path, machinePath, mocksPath].filter((file) => file !== undefined);

/** Keeps the process, which watches of files do not. */
async function forEver({ sleep }: Context['clock'], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await sleep(3_600_000, signal).catch(() => {});
}
