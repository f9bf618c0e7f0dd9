import { FlowError } from '../../errors.js';
import { isOver, showJob } from '../../operations/import/jobs/show-job.js';
import { showBatch } from '../../operations/task/show-batch.js';
import { rest } from '../../ports/retry.js';
import type { JobNamed, OpenedJob } from '../../views/desk/state.js';
import { shownJobLines } from '../../views/import/jobs.js';
import { shownLines } from '../../views/task/show.js';
import { followingOf } from '../import/follow-until.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { surroundings } from '../task/batch-order.js';

/** Milliseconds between two looks at what has not ended: each takes several calls. */
const PAUSE = { local: 3_000, aws: 15_000 };

/** Shows an import or a batch as `import show` and `task show` do, until it has ended or `signal` fires. */
export async function followJob(
  context: Context,
  target: Target,
  { key, kind }: JobNamed,
  { signal, onRead }: { signal: AbortSignal; onRead(job: OpenedJob): void },
): Promise<void> {
  const read =
    kind === 'import' ? importReader(context, target, key, signal) : batchReader(context, target, key);
  let last: OpenedJob = { executions: [], files: [] };
  while (!signal.aborted) {
    try {
      const { over, ...job } = await read();
      if (signal.aborted) return;
      last = job;
      onRead(job);
      if (over) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof FlowError)) throw error;
      onRead({ ...last, trouble: error.message });
    }
    await rest({ clock: context.clock, signal }, PAUSE[target.loopback ? 'local' : 'aws']);
  }
}

type Read = () => Promise<OpenedJob & { over: boolean }>;

const importReader = ({ clock }: Context, target: Target, id: string, signal: AbortSignal): Read => {
  const { gateways, flagsForHints, machineArn, pollMilliseconds } = target;
  return async () => {
    const shown = await showJob(id, {
      gateways,
      machineArn,
      table: target.tableName('import_tmp'),
      following: await followingOf(target, undefined),
      clock,
      signal,
      pollMilliseconds,
    });
    const { execution, children = [] } = shown;
    return {
      text: ({ now, ...look }) =>
        shownJobLines(
          { ...shown, children: [] },
          now,
          { ...look, stdoutIsTTY: true, color: false },
          flagsForHints,
        ),
      executions: execution ? [execution] : [],
      files: children.map(({ id: key, name, status }) => ({ key, kind: 'import', name, status })),
      over: isOver(shown),
    };
  };
};

const batchReader =
  (context: Context, target: Target, key: string): Read =>
  async () => {
    const shown = await showBatch(key, surroundings(context, target));
    return {
      text: (look) => shownLines(shown, { ...look, stdoutIsTTY: true, color: false }, target.flagsForHints),
      executions: shown.executions,
      files: [],
      over: shown.status !== 'RUNNING',
    };
  };
