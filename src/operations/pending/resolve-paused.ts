import { exitCodes, FlowError } from '../../errors.js';
import type { AuditLog } from '../../ports/audit-log.js';
import { matching, type Wanted } from '../../workflow/answer/match-paused.js';
import { createExplainer } from './explain-missing.js';
import { findPaused, type PausedScan } from './find-paused.js';
import type { PausedSearch } from './paused-search.js';
import type { PausedTask } from './read-paused.js';

/** A paused step that somebody named, or why it is none. */
export interface Resolved {
  requestId?: string;
  task?: PausedTask;
  error?: FlowError;
}

export interface Resolving extends PausedSearch {
  wanted: Omit<Wanted, 'requestId'>;
  audit: AuditLog;
  targetName: string;
  flagsForHints: string;
}

/**
 * The paused step of each request id; several that match are listed, never picked.
 * @param prefixes the beginning of one id is enough, where nothing is known of the id itself
 */
export async function resolveRequests(
  requestIds: string[],
  search: Resolving,
  { prefixes = false } = {},
): Promise<Resolved[]> {
  const scan = await findPaused({ ...search, requestIds: new Set(requestIds) });
  const explain = createExplainer({ ...search, scan });
  const resolved: Resolved[] = [];
  for (const requestId of requestIds) {
    const found = matching(scan.tasks, { ...search.wanted, requestId });
    const [task] = found;
    if (found.length === 1) resolved.push({ requestId, task });
    else if (task) resolved.push({ requestId, error: several(requestId, found) });
    else {
      const error = await explain(requestId);
      const begun =
        prefixes && error.code === 'RequestNotFound' ? begunWith(scan.tasks, requestId, search) : [];
      const [only] = begun;
      if (only && begun.length === 1) resolved.push({ requestId: only.requestId, task: only });
      else resolved.push({ requestId, error: only ? several(requestId, begun) : error });
    }
  }
  return resolved;
}

/** Fewer characters are likelier the whole of another id than the beginning of one. */
const SHORTEST_PREFIX = 4;

const begunWith = (tasks: PausedTask[], prefix: string, { wanted }: Resolving): PausedTask[] =>
  prefix.length < SHORTEST_PREFIX
    ? []
    : matching(tasks, wanted).filter(({ requestIds }) => requestIds.some((id) => id.startsWith(prefix)));

/** The one paused step of an execution. @throws FlowError 5 when nothing in it waits any more, or several do */
export async function resolveExecution(executionArn: string, search: Resolving): Promise<PausedTask> {
  const scan = await findPaused({ ...search, executionArn });
  const found = matching(scan.tasks, search.wanted);
  const [task] = found;
  if (task && found.length === 1) return task;
  if (task) throw several(executionArn, found);
  throw await nothingWaits(executionArn, scan, search);
}

/** Every paused step that meets the conditions. */
export async function resolveAll(search: Resolving): Promise<Resolved[]> {
  const scan = await findPaused(search);
  return matching(scan.tasks, search.wanted).map((task) => ({ requestId: task.requestId, task }));
}

async function nothingWaits(executionArn: string, scan: PausedScan, search: Resolving): Promise<FlowError> {
  const [read] = scan.read;
  const [requestId] = scan.requestIds;
  if (requestId !== undefined) return await createExplainer({ ...search, scan })(requestId);
  const ended = read?.running === false;
  return new FlowError(
    ended ? exitCodes.conflict : exitCodes.notFound,
    ended ? 'ExecutionEnded' : 'NotPaused',
    ended
      ? 'the execution has ended: nothing in it waits any more'
      : 'nothing in this execution waits for an answer',
    {
      where: executionArn,
      hint: `mbc-flow show ${executionArn}${search.flagsForHints}`,
      details: { executionArn, startDate: read?.execution.startDate },
    },
  );
}

function several(what: string, tasks: PausedTask[]): FlowError {
  const candidates = tasks.map(({ stateName, execution, iteration, requestId }) => ({
    executionArn: execution.executionArn,
    stateName,
    iteration,
    requestId,
  }));
  const shown = candidates.slice(0, 10).map(({ executionArn, stateName, iteration }) => {
    return `${stateName}${iteration === undefined ? '' : `[${iteration}]`} of ${executionArn}`;
  });
  const more = candidates.length > shown.length ? `, and ${candidates.length - shown.length} more` : '';
  return new FlowError(
    exitCodes.conflict,
    'SeveralSteps',
    `${candidates.length} paused steps match ${what}`,
    {
      where: shown.join(', ') + more,
      hint: 'narrow it: --execution, --state, or --match path=value',
      details: { requestId: tasks[0]?.requestId, candidates },
    },
  );
}
