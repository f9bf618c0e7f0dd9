import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { ListedExecutions } from '../../operations/execution/list-executions.js';
import { type ExecutionFilter, listExecutions } from '../../operations/execution/list-executions.js';
import { requestNotFound } from '../../operations/execution/request-not-found.js';
import { lookAgain } from '../../operations/pace/poll.js';
import {
  failureGroupDocument,
  failureGroupLines,
  groupedExecution,
} from '../../views/execution/failure-groups.js';
import { executionLines, executionListDocument } from '../../views/execution/list.js';
import { groupFailures } from '../../workflow/failure/failure-groups.js';
import { typedNames } from '../../workflow/names/typed-name.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './list.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  if (options.watch && options.group) throw watchOrGroup;
  const target = await context.connect({ changes: false });
  const stateMachineArn = machine === undefined ? undefined : await target.machineArn(machine);
  const look = async (now: number, more: Partial<ExecutionFilter> = {}): Promise<ListedExecutions> =>
    await listExecutions(target.gateways.states, {
      ...filterOf(options, now),
      ...more,
      stateMachineArn,
      memory: target.memory,
    });
  if (options.watch) return await watchList(context, look);
  const now = context.clock.now();
  const { limit, requestId } = filterOf(options, now);
  const listed = await look(now, {
    onAsked: (asked, of) => {
      if (of > 1) context.err.progress(`asked ${asked} of ${of} state machines for their executions`);
    },
    signal: context.signal,
  });
  context.err.progress('');
  if (options.group) printGroups(context, listed);
  else await print(context, target, listed, { now, limit, requestId });
  if (listed.asked < listed.of) throw notAllAsked(context, listed);
  return exitCodes.ok;
};

/** What came before the command was told to stop is shown, and what it lacks is said. */
const notAllAsked = (context: Context, { asked, of }: ListedExecutions): FlowError =>
  interrupted(
    context,
    `Interrupted: ${asked} of ${of} state machines were asked; executions of the others are not listed.`,
    'name the state machine: only that one is asked then',
  );

async function print(
  context: Context,
  target: Target,
  listed: ListedExecutions,
  { now, limit, requestId }: { now: number; limit: number; requestId?: string },
): Promise<void> {
  const { executions, more, otherRequestIds, seen } = listed;
  if (executions.length === 0 && requestId !== undefined && listed.asked === listed.of)
    throw requestNotFound(requestId, otherRequestIds, target);
  if (executions.length === 0 && listed.asked === listed.of)
    context.err.notice(`No matching executions on target ${target.name}.`);
  if (executions.length > 0)
    await context.names.save(
      'executions',
      executions.map(({ executionArn }) => executionArn).map(typedNames(seen)),
    );
  const lines = executionLines(executions, now, context.terminal, seen);
  context.out.list('executions', executions.map(executionListDocument), lines);
  if (more) context.err.notice(`There are more; to see them: --limit ${limit * 5}`);
}

/** On a terminal the whole list each time; in a pipe what is new or has changed. */
async function watchList(
  context: Context,
  look: (now: number) => Promise<ListedExecutions>,
): Promise<ExitCode> {
  const { clock, out, terminal } = context;
  const known = new Map<string, string>();
  const stream = out.stream('executions');
  try {
    for await (const { executions, seen } of lookAgain(() => look(clock.now()), context)) {
      const news = executions.filter(({ executionArn, status }) => known.get(executionArn) !== status);
      const first = known.size === 0;
      for (const { executionArn, status } of executions) known.set(executionArn, status);
      if (out.forPeople && terminal.stdoutIsTTY) {
        out.clear();
        for (const line of executionLines(executions, clock.now(), terminal, seen)) out.line(line);
        continue;
      }
      const [head = '', ...lines] = executionLines(news.reverse(), clock.now(), terminal, seen);
      for (const [index, execution] of news.entries()) {
        const line = lines[index] ?? '';
        stream.add(executionListDocument(execution), first && index === 0 ? [head, line] : [line]);
      }
    }
  } finally {
    stream.end();
  }
  return exitCodes.ok;
}

const watchOrGroup = new FlowError(
  exitCodes.usage,
  'BadUsage',
  '--watch lists executions, --group counts them',
  { where: '--watch', hint: 'mbc-flow list --failed --watch' },
);

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

function printGroups(context: Context, { executions, seen }: ListedExecutions): void {
  const groups = groupFailures(executions.map(groupedExecution));
  if (groups.length === 0) context.err.notice('Nothing failed.');
  const lines = failureGroupLines(groups, context.terminal, seen);
  context.out.list('groups', groups.map(failureGroupDocument), lines);
}
