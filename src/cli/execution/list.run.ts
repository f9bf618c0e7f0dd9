import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { ExecutionFilter, ListedExecution } from '../../operations/execution/list-executions.js';
import { listExecutions } from '../../operations/execution/list-executions.js';
import {
  failureGroupDocument,
  failureGroupLines,
  groupedExecution,
} from '../../views/execution/failure-groups.js';
import { executionLines, executionListDocument } from '../../views/execution/list.js';
import { nearMisses } from '../../workflow/answer/near-misses.js';
import { groupFailures } from '../../workflow/failure/failure-groups.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { countOf, durationOf, sinceOf } from '../shell/flag-values.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './list.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  const now = context.clock.now();
  const group = options.group === true;
  const filter = filterOf(options, now);
  const target = await context.connect({ changes: false });
  const stateMachineArn = typeof machine === 'string' ? await target.machineArn(machine) : undefined;
  const listed = await listExecutions(target.gateways.states, { ...filter, stateMachineArn });
  if (group) return await printGroups(context, listed.executions);
  const { executions, more } = listed;
  if (executions.length === 0 && filter.requestId !== undefined)
    throw await nothingOf(filter.requestId, listed.otherRequestIds, target);
  const documents = executions.map(executionListDocument);
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ executions: documents });
  if (context.output !== 'text') return exitCodes.ok;
  if (executions.length === 0) context.err.notice(`No such executions on target ${target.name}.`);
  for (const line of executionLines(executions, now, context.terminal)) context.out.line(line);
  if (more) context.err.notice(`There are more: --limit ${filter.limit * 5}`);
  return exitCodes.ok;
};

const bad: ExecutionStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED'];

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const day = 86_400_000;

/** Grouping wants all of a day, not a page. */
const groupLimit = 1000;

function filterOf(options: Record<string, unknown>, now: number): ExecutionFilter {
  const group = options.group === true;
  const [error, failedState] = [text(options.error), text(options.state)];
  const failures = group || options.failed === true || error !== undefined || failedState !== undefined;
  const limit = countOf(options.limit, '--limit');
  return {
    statuses: options.status ? [options.status as ExecutionStatus] : failures ? bad : undefined,
    since: sinceOf(options.since, now) ?? (group ? now - day : undefined),
    limit: group ? Math.max(limit, groupLimit) : limit,
    longerThan: durationOf(options.longerThan, '--longer-than'),
    now,
    match: text(options.match),
    requestId: text(options.requestId),
    error,
    failedState,
    explain: failures,
  };
}

async function printGroups(context: Context, executions: ListedExecution[]): Promise<ExitCode> {
  const groups = groupFailures(executions.map(groupedExecution));
  const documents = groups.map(failureGroupDocument);
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ groups: documents });
  if (groups.length === 0) context.err.notice('Nothing failed.');
  for (const line of failureGroupLines(groups, context.terminal)) context.out.line(line);
  return exitCodes.ok;
}

async function nothingOf(requestId: string, others: string[], target: Target): Promise<FlowError> {
  const near = nearMisses(requestId, others);
  return new FlowError(
    exitCodes.notFound,
    'RequestNotFound',
    `no execution with request id ${requestId} on target ${target.name}${near.length > 0 ? `; near: ${near.join(', ')}` : ''}`,
    { hint: `mbc-flow list${target.flagsForHints} --since 7d`, details: { near } },
  );
}
