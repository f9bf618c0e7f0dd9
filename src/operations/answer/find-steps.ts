import { exitCodes, FlowError } from '../../errors.js';
import type { TaskToken } from '../../workflow/answer/task-token.js';
import { isExecutionReference } from '../../workflow/names/arn.js';
import type { Definitions } from '../find/definition-of-execution.js';
import { unlessNotFound } from '../pace/unless-denied.js';
import { findPaused } from '../pending/find-paused.js';
import type { PausedTask } from '../pending/read-paused.js';
import {
  type Resolved,
  type Resolving,
  resolveAll,
  resolveExecution,
  resolveRequests,
} from '../pending/resolve-paused.js';
import { tokenIn } from '../pending/token-in.js';

/** Which paused steps a command line means. */
export type Meant =
  /** A request id, the beginning of one, or an execution. */
  | { kind: 'reference'; reference: string }
  /** The one step of an execution; with a token, the one that waits on it. */
  | { kind: 'execution'; execution: string; token?: TaskToken }
  | { kind: 'requests'; requestIds: string[] }
  /** All that meet the conditions. */
  | { kind: 'all' };

export const isOne = ({ kind }: Meant): boolean => kind === 'reference' || kind === 'execution';

export interface FindingMeant {
  search: Resolving;
  definitions: Definitions;
  /** What an execution reference means. @throws FlowError 3 or 5 */
  executionArn(reference: string): Promise<string>;
}

/** The paused steps that are meant; a name that leads to none has its error. */
export async function findMeant(meant: Meant, finding: FindingMeant): Promise<Resolved[]> {
  const { search, executionArn } = finding;
  switch (meant.kind) {
    case 'all':
      return await resolveAll(search);
    case 'requests':
      return await resolveRequests(meant.requestIds, search);
    case 'reference':
      return [await resolveReference(meant.reference, finding)];
    case 'execution': {
      const arn = await executionArn(meant.execution);
      const { token } = meant;
      return [{ task: await (token ? taskOfToken(token, arn, finding) : resolveExecution(arn, search)) }];
    }
  }
}

async function resolveReference(
  reference: string,
  { search, executionArn }: FindingMeant,
): Promise<Resolved> {
  if (isExecutionReference(reference))
    return { task: await resolveExecution(await executionArn(reference), search) };
  const [found = {}] = await resolveRequests([reference], search, { prefixes: true });
  if (found.error?.code !== 'RequestNotFound') return found;
  // No request id: perhaps the name of an execution.
  const arn = await executionArn(reference).catch(unlessNotFound);
  return arn === undefined ? found : { task: await resolveExecution(arn, search) };
}

/** The paused step whose token it is. @throws FlowError 5 when none in the execution waits on it */
async function taskOfToken(
  token: TaskToken,
  executionArn: string,
  { search, definitions }: FindingMeant,
): Promise<PausedTask> {
  const { tasks } = await findPaused({ ...search, executionArn });
  for (const task of tasks)
    if (tokenIn(task, await definitions.of(task.execution))?.equals(token)) return task;
  throw new FlowError(exitCodes.conflict, 'TokenNotWaited', 'no step of this execution waits on this token', {
    where: executionArn,
    hint: `mbc-flow show ${executionArn}${search.flagsForHints}`,
  });
}
