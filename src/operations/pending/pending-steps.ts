import type { TableGateway } from '../../ports/aws.js';
import { matching } from '../../workflow/answer/match-paused.js';
import type { TaskToken } from '../../workflow/answer/task-token.js';
import { createDefinitions } from '../find/definition-of-execution.js';
import { type AwaitedImport, awaitedImports } from './awaited-imports.js';
import { findPaused, type PausedScan } from './find-paused.js';
import type { PausedTask } from './read-paused.js';
import type { Resolving } from './resolve-paused.js';
import { chainsIn, explainStuck, type StuckCommands, shortReason, withRow } from './stuck-commands.js';
import { tokenIn } from './token-in.js';

/** A paused step, and what else is known of it. */
export interface PendingStep {
  task: PausedTask;
  stuck?: { reason: string };
  /** What a step of a ZIP's import waits for. */
  awaits?: AwaitedImport;
  /** Only where it was asked for. */
  token?: TaskToken;
}

/** What waits, the oldest first; and how many running executions of machines that pause have not come to a pause. */
export interface Pending {
  steps: PendingStep[];
  underWay: number;
}

/**
 * @param olderThan only what has waited for more milliseconds
 */
export async function pendingSteps(
  search: Resolving,
  {
    olderThan = Number.NEGATIVE_INFINITY,
    tokens = false,
    importMachine,
  }: { olderThan?: number; tokens?: boolean; importMachine: () => Promise<string> },
): Promise<Pending> {
  const scan = await findPaused(search);
  const now = search.now();
  const stuck = stuckIn(scan);
  const tasks = matching(scan.tasks, search.wanted).filter(({ since }) => now - since > olderThan);
  const imports = await awaitedImports(search.states, tasks, importMachine, now);
  const steps = tasks.map((task): PendingStep => {
    const awaits = imports.get(task);
    const reason = awaits?.stuck;
    const known = stuck.get(task.execution.executionArn) ?? (reason === undefined ? undefined : { reason });
    return { task, stuck: known, ...(awaits && { awaits }) };
  });
  const paused = new Set(scan.tasks.map(({ execution }) => execution.executionArn));
  const underWay = scan.running.filter(({ executionArn }) => !paused.has(executionArn)).length;
  return { steps: tokens ? await withTokens(search, steps) : steps, underWay };
}

/** By the ARN of the execution. */
const stuckIn = (scan: PausedScan): Map<string, { reason: string }> =>
  new Map(
    chainsIn(scan).flatMap((chain) =>
      chain.versions.map(({ of }) => [of.execution.executionArn, { reason: shortReason(chain) }] as const),
    ),
  );

async function withTokens({ states }: Resolving, steps: PendingStep[]): Promise<PendingStep[]> {
  const definitions = createDefinitions(states);
  const revealed: PendingStep[] = [];
  for (const step of steps)
    revealed.push({ ...step, token: tokenIn(step.task, await definitions.of(step.task.execution)) });
  return revealed;
}

/** Commands that nothing will wake, and their steps that wait. `tables`: where their rows may be read. */
export async function stuckCommands(
  search: Resolving,
  tables: Pick<TableGateway, 'get'>,
): Promise<{ chains: StuckCommands[]; steps: PendingStep[] }> {
  const found = await explainStuck(search.states, await findPaused(search), search.now());
  const chains: StuckCommands[] = [];
  for (const chain of found) chains.push(await withRow(tables, chain));
  const steps = chains.flatMap(({ versions, reason }) =>
    versions.flatMap(({ of: { task } }) => (task ? [{ task, stuck: { reason } }] : [])),
  );
  return { chains, steps };
}
