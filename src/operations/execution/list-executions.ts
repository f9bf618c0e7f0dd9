import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import type { ExecutionMemory } from '../../ports/execution-memory.js';
import { allRequestIds } from '../../workflow/names/request-id.js';
import { type KnownExecutions, knownExecutions } from '../find/known-executions.js';
import { allowed, allowedAmong } from '../pace/unless-denied.js';
import { type FailureSummary, readFailure } from './read-failure.js';
import { createInputReader } from './read-input.js';

export interface ExecutionFilter {
  /** Undefined: of every STANDARD machine. */
  stateMachineArn?: string;
  /** Undefined: of any. */
  statuses?: ExecutionStatus[];
  /** Started at or after; epoch milliseconds. */
  since?: number;
  limit: number;
  /** Took (or takes) longer than so many milliseconds. */
  longerThan?: number;
  /** For what still runs. */
  now: number;
  /** A text in its input. */
  match?: string;
  requestId?: string;
  /** Of a failure: its error, and the state that failed. */
  error?: string;
  failedState?: string;
  /** Tell the failure of each, whether it is filtered by or not. */
  explain?: boolean;
  /** What earlier commands have read: inputs never change. */
  memory?: ExecutionMemory;
  /** Called for each state machine that was asked. */
  onAsked?(asked: number, of: number): void;
  /** Ends it early, with what is known. */
  signal?: AbortSignal;
}

export interface ListedExecution extends ExecutionSummary {
  /** Looked up only where it is asked for. */
  failure?: FailureSummary;
  /** The request id of its input, where inputs were looked at. */
  requestId?: string;
}

export interface ListedExecutions {
  executions: ListedExecution[];
  /** There are others beyond the limit. */
  more: boolean;
  /** ARNs of all that were seen, also beyond the limit: a name that several have is not enough to name one. */
  seen: string[];
  /** How many state machines were asked, and how many there are: fewer where it was ended early. */
  asked: number;
  of: number;
  /** Other request ids that were seen on the way, newest first. */
  otherRequestIds: string[];
}

export type States = Pick<
  StepFunctionsGateway,
  'listStateMachines' | 'listExecutions' | 'describeStateMachine' | 'describeExecution' | 'historyPages'
>;

/**
 * The newest executions that fit, newest first. AWS filters by status alone: for the rest of the filter each candidate
 * is looked at (one call, two for failures), newest first, until there are enough.
 */
export async function listExecutions(states: States, filter: ExecutionFilter): Promise<ListedExecutions> {
  let newest: ListedExecution[] = [];
  const otherRequestIds: string[] = [];
  const seen: string[] = [];
  const machines = allowedAmong();
  const arns = await machineArns(states, filter.stateMachineArn);
  let asked = 0;
  for (const stateMachineArn of arns) {
    if (filter.signal?.aborted) break;
    for (const status of filter.statuses ?? [undefined]) {
      const newestOne = () => newestOf(states, stateMachineArn, status, filter, otherRequestIds);
      const own = (await unlessAborted(() => machines.read(newestOne), filter.signal)) ?? [];
      for (const { executionArn } of own) seen.push(executionArn);
      // One more than asked for tells whether there are more.
      newest = [...newest, ...own].sort(byStart).slice(0, filter.limit + 1);
    }
    if (filter.signal?.aborted) break;
    asked++;
    filter.onAsked?.(asked, arns.length);
  }
  machines.check();
  return {
    executions: newest.slice(0, filter.limit),
    more: newest.length > filter.limit,
    seen,
    asked,
    of: arns.length,
    otherRequestIds,
  };
}

/** Undefined as soon as a signal breaks it off: no call is begun then, and one under way is not waited for. */
async function unlessAborted<T>(
  read: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (!signal) return await read();
  if (signal.aborted) return undefined;
  return await new Promise<T | undefined>((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop);
    read()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** EXPRESS machines keep no list of their executions. */
async function machineArns(
  states: Pick<StepFunctionsGateway, 'listStateMachines'>,
  only: string | undefined,
): Promise<string[]> {
  if (only !== undefined) return [only];
  const arns: string[] = [];
  for await (const { type, stateMachineArn } of states.listStateMachines()) {
    if (type === 'STANDARD') arns.push(stateMachineArn);
  }
  return arns;
}

async function newestOf(
  states: States,
  stateMachineArn: string,
  status: ExecutionStatus | undefined,
  filter: ExecutionFilter,
  otherRequestIds: string[],
): Promise<ListedExecution[]> {
  const { since = Number.NEGATIVE_INFINITY, limit, longerThan, now } = filter;
  const found: ListedExecution[] = [];
  const known =
    looksAtInput(filter) && filter.memory ? await knownExecutions(filter.memory, stateMachineArn) : undefined;
  const inputs: Inputs = { known, read: createInputReader(states, stateMachineArn, known) };
  // What is looked at one by one is not all of a page.
  const atMost = looksInside(filter) || longerThan !== undefined ? undefined : limit + 1;
  try {
    for await (const execution of states.listExecutions({ stateMachineArn, status, atMost })) {
      if (execution.startDate.getTime() < since) break;
      const took = (execution.stopDate?.getTime() ?? now) - execution.startDate.getTime();
      if (longerThan !== undefined && took <= longerThan) continue;
      const listed = await inspect(states, execution, filter, inputs, otherRequestIds);
      if (listed) found.push(listed);
      // Before the next one is asked for: it may be another page.
      if (found.length > limit) break;
    }
  } finally {
    await known?.save();
  }
  return found;
}

const looksAtInput = ({ match, requestId }: ExecutionFilter): boolean =>
  match !== undefined || requestId !== undefined;
const looksAtFailure = ({ error, failedState, explain }: ExecutionFilter): boolean =>
  error !== undefined || failedState !== undefined || explain === true;
const looksInside = (filter: ExecutionFilter): boolean => looksAtInput(filter) || looksAtFailure(filter);

interface Inputs {
  known: KnownExecutions | undefined;
  read(execution: ExecutionSummary): Promise<string>;
}

/** What the list itself does not tell; undefined when it does not fit. */
async function inspect(
  states: States,
  execution: ExecutionSummary,
  filter: ExecutionFilter,
  { known, read: readInput }: Inputs,
  otherRequestIds: string[],
): Promise<ListedExecution | undefined> {
  const listed: ListedExecution = { ...execution };
  if (looksAtInput(filter)) {
    let requestIds = filter.match === undefined ? known?.inputIds(execution) : undefined;
    if (!requestIds) {
      const input = await readInput(execution);
      requestIds = allRequestIds(input);
      known?.noteInput(execution, requestIds);
      if (filter.match !== undefined && !input.includes(filter.match)) return undefined;
    }
    listed.requestId = requestIds.find((id) => id === filter.requestId) ?? requestIds[0];
    if (filter.requestId !== undefined && listed.requestId !== filter.requestId) {
      for (const id of requestIds) otherRequestIds.push(id);
      return undefined;
    }
  }
  if (!looksAtFailure(filter) || execution.status === 'RUNNING' || execution.status === 'SUCCEEDED') {
    return filter.error === undefined && filter.failedState === undefined ? listed : undefined;
  }
  const { error, failedState } = filter;
  const read = () => readFailure(states, execution.executionArn);
  // Where nothing is filtered by it, the reason is only told.
  listed.failure = error === undefined && failedState === undefined ? await allowed(read) : await read();
  if (!listed.failure) return listed;
  if (error !== undefined && ![listed.failure.error, listed.failure.type].includes(error)) return undefined;
  if (failedState !== undefined && listed.failure.stateName !== failedState) return undefined;
  return listed;
}

const byStart = (a: ExecutionSummary, b: ExecutionSummary): number =>
  b.startDate.getTime() - a.startDate.getTime();
