import { FlowError } from '../../errors.js';
import {
  commandVersion,
  entityKey,
  predecessorPrefix,
  type RunningVersion,
  type StuckChain,
  stuckChains,
} from '../../framework/command/version-chain.js';
import type {
  ExecutionDescription,
  ExecutionSummary,
  StepFunctionsGateway,
  TableGateway,
} from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { PausedScan } from './find-paused.js';
import { type PausedTask, readPaused } from './read-paused.js';

/** Closed executions that are listed, and those of them that are described, to find out what became of a version. */
const LISTED = 20_000;
const DESCRIBED = 200;

type States = Pick<StepFunctionsGateway, 'listExecutions' | 'describeExecution' | 'historyPages'>;

export interface CommandExecution {
  execution: ExecutionSummary;
  /** Where it waits. */
  task?: PausedTask;
}
export interface StuckCommands extends StuckChain<CommandExecution> {
  /** Why nothing wakes the head. */
  cause: 'lostWakeUp' | 'predecessorFailed' | 'predecessorMissing';
  reason: string;
}

/** Chains that nothing at work will wake, from what a scan has read. */
export function chainsIn(scan: PausedScan): StuckChain<CommandExecution>[] {
  const running = scan.read.flatMap(
    ({ execution, command, tasks, running }): RunningVersion<CommandExecution>[] => {
      if (!command || !running) return [];
      const task = tasks.find(({ kind }) => kind === 'token');
      return [{ command, waits: task !== undefined, of: { execution, task } }];
    },
  );
  return stuckChains(running);
}

/** The same as `pending` tells it without another call. */
export const shortReason = ({ command }: StuckChain<unknown>): string =>
  `version ${command.version - 1} is not running: nothing wakes version ${command.version}`;

/** Chains with what became of the version before their head. Each head is looked at again: it may have been woken just now. */
export async function explainStuck(states: States, scan: PausedScan, now: number): Promise<StuckCommands[]> {
  const stuck: StuckChain<CommandExecution>[] = [];
  for (const chain of chainsIn(scan)) {
    const [head] = chain.versions;
    const pauses = scan.machines.find(
      ({ stateMachineArn }) => stateMachineArn === head?.of.execution.stateMachineArn,
    );
    const again = head && pauses && (await readPaused(states, head.of.execution, pauses.pauses, now));
    if (again?.tasks.some(({ scheduledId }) => scheduledId === head?.of.task?.scheduledId)) stuck.push(chain);
  }
  const predecessors = await findPredecessors(states, stuck);
  return stuck.map((chain) => ({ ...chain, ...tell(chain, predecessors.get(chain)) }));
}

async function findPredecessors(
  states: States,
  chains: StuckChain<CommandExecution>[],
): Promise<Map<StuckChain<CommandExecution>, ExecutionDescription>> {
  const found = new Map<StuckChain<CommandExecution>, ExecutionDescription>();
  const machineOf = ({ versions: [head] }: StuckChain<CommandExecution>): string =>
    head?.of.execution.stateMachineArn ?? '';
  for (const stateMachineArn of new Set(chains.map(machineOf))) {
    const own = chains.filter((chain) => machineOf(chain) === stateMachineArn);
    const closed: ExecutionSummary[] = [];
    let listed = 0;
    for await (const execution of states.listExecutions({ stateMachineArn })) {
      if (execution.status !== 'RUNNING') closed.push(execution);
      if (++listed >= LISTED) break;
    }
    for (const chain of own) {
      const prefix = predecessorPrefix(chain.versions[0]?.of.execution.name ?? '', chain.command);
      const named = closed.find(({ name }) => prefix !== undefined && name.startsWith(prefix));
      if (named) found.set(chain, await states.describeExecution(named.executionArn));
    }
    // Names of another form tell nothing: the inputs of those that ended last do.
    let left = own.filter((chain) => !found.has(chain));
    for (const { executionArn } of closed.slice(0, DESCRIBED)) {
      if (left.length === 0) break;
      const description = await states.describeExecution(executionArn);
      const command = commandVersion(description.input);
      if (!command) continue;
      for (const chain of left.filter((chain) => isBefore(command, chain))) found.set(chain, description);
      left = left.filter((chain) => !found.has(chain));
    }
  }
  return found;
}

const isBefore = (
  command: NonNullable<ReturnType<typeof commandVersion>>,
  { command: head }: StuckChain<unknown>,
) => entityKey(command) === entityKey(head) && command.version === head.version - 1;

function tell(
  { command }: StuckChain<CommandExecution>,
  predecessor: ExecutionDescription | undefined,
): Pick<StuckCommands, 'cause' | 'reason'> {
  const version = `version ${command.version - 1}`;
  if (!predecessor)
    return { cause: 'predecessorMissing', reason: `${version} does not exist: no execution of it is known` };
  const { status, stopDate, error, cause } = predecessor;
  const at = stopDate ? ` at ${stopDate.toISOString()}` : '';
  if (status === 'SUCCEEDED')
    return { cause: 'lostWakeUp', reason: `${version} finished${at} without waking it (a lost wake-up)` };
  const why = error === undefined && cause === undefined ? '' : `: ${decodeFailure(error, cause).message}`;
  return { cause: 'predecessorFailed', reason: `${version} ended ${status}${at}${why}` };
}

/** A version without an execution may be in its table all the same: its row says how far it came. */
export async function withRow(
  tables: Pick<TableGateway, 'get'>,
  chain: StuckCommands,
): Promise<StuckCommands> {
  const { command, cause } = chain;
  if (cause !== 'predecessorMissing' || command.table === '') return chain;
  const version = command.version - 1;
  try {
    const row = await tables.get(command.table, { pk: command.pk, sk: `${command.sk}@${version}` });
    if (!row) return chain;
    const status = typeof row.status === 'string' ? ` (${row.status})` : '';
    const reason = `version ${version} is in ${command.table}${status}, and no execution of it is known`;
    return { ...chain, reason };
  } catch (error) {
    // Without its row, what is known of it stays true.
    if (error instanceof FlowError) return chain;
    throw error;
  }
}
