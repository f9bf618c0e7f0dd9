import { type ExitCode, exitCodes } from '../../errors.js';
import type { ListedExecution } from '../../operations/execution/list-executions.js';
import { type ExecutionFilter, listExecutions } from '../../operations/execution/list-executions.js';
import { requestNotFound } from '../../operations/execution/request-not-found.js';
import {
  failureGroupDocument,
  failureGroupLines,
  groupedExecution,
} from '../../views/execution/failure-groups.js';
import { executionLines, executionListDocument } from '../../views/execution/list.js';
import { groupFailures } from '../../workflow/failure/failure-groups.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './list.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  const now = context.clock.now();
  const filter = filterOf(options, now);
  const target = await context.connect({ changes: false });
  const stateMachineArn = machine === undefined ? undefined : await target.machineArn(machine);
  const listed = await listExecutions(target.gateways.states, { ...filter, stateMachineArn });
  if (options.group) return printGroups(context, listed.executions);
  const { executions, more, otherRequestIds } = listed;
  if (executions.length === 0 && filter.requestId !== undefined)
    throw requestNotFound(filter.requestId, otherRequestIds, target);
  if (executions.length === 0) context.err.notice(`No matching executions on target ${target.name}.`);
  const lines = executionLines(executions, now, context.terminal);
  context.out.list('executions', executions.map(executionListDocument), lines);
  if (more) context.err.notice(`There are more; to see them: --limit ${filter.limit * 5}`);
  return exitCodes.ok;
};

type Options = OptionsOf<NonNullable<(typeof declaration)['options']>>;

const day = 86_400_000;

/** Grouping wants all of a day, not a page. */
const groupLimit = 1000;

function filterOf(options: Options, now: number): ExecutionFilter {
  const {
    group = false,
    failed = false,
    status,
    limit,
    longerThan,
    match,
    requestId,
    error,
    state,
  } = options;
  const explain = group || failed || error !== undefined || state !== undefined;
  return {
    statuses: status ? [status] : explain ? ['FAILED', 'TIMED_OUT', 'ABORTED'] : undefined,
    since: options.since?.(now) ?? (group ? now - day : undefined),
    limit: group ? Math.max(limit, groupLimit) : limit,
    longerThan,
    now,
    match,
    requestId,
    error,
    failedState: state,
    explain,
  };
}

function printGroups(context: Context, executions: ListedExecution[]): ExitCode {
  const groups = groupFailures(executions.map(groupedExecution));
  if (groups.length === 0) context.err.notice('Nothing failed.');
  const lines = failureGroupLines(groups, context.terminal);
  context.out.list('groups', groups.map(failureGroupDocument), lines);
  return exitCodes.ok;
}
