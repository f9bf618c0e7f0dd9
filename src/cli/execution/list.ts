import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { ExecutionFilter, ListedExecution } from '../../operations/execution/list-executions.js';
import type { Command, Context, Target } from '../shell/command.js';
import { countOf, durationOf, sinceOf } from '../shell/flag-values.js';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

export const list: Command = {
  name: 'list',
  aliases: ['ls', 'ps'],
  summary: 'Executions, newest first',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN (default: all of them)' },
  ],
  options: [
    { flags: '--status <status>', description: 'only of this status', choices: statuses },
    { flags: '--failed', description: 'only FAILED, TIMED_OUT and ABORTED ones, with the reason' },
    { flags: '--group', description: 'causes of failure, grouped and counted (of --since 1d by default)' },
    { flags: '--since <time>', description: 'started since: 30m, 2h, 7d ago, or a date (2026-01-31T09:00)' },
    { flags: '--request-id <id>', description: 'whose input has this request id' },
    { flags: '--match <text>', description: 'whose input has this text in it' },
    { flags: '--state <name>', description: 'that failed in this state' },
    { flags: '--error <name>', description: 'that failed with this error' },
    { flags: '--longer-than <duration>', description: 'that took (or take) longer: 90s, 5m, 2h' },
    { flags: '--limit <number>', description: 'at most so many (--group: of each machine)', default: '20' },
  ],
  examples: [
    { line: 'mbc-flow list', what: 'the 20 newest of all machines' },
    {
      line: 'mbc-flow list import-csv --status FAILED --since 1d',
      what: 'imports that failed since yesterday',
    },
    { line: 'mbc-flow list --request-id r-20260131-7', what: 'the execution of a request' },
    { line: 'mbc-flow list --failed --group --since 1d', what: 'what goes wrong today, and how often' },
    { line: 'mbc-flow list -o ndjson --limit 1000', what: 'one JSON object a line' },
  ],
  async run(context, [machine], options) {
    const now = context.clock.now();
    const group = options.group === true;
    const filter = filterOf(options, now);
    const target = await context.connect({ changes: false });
    const stateMachineArn = typeof machine === 'string' ? await target.machineArn(machine) : undefined;
    const { listExecutions } = await import('../../operations/execution/list-executions.js');
    const listed = await listExecutions(target.gateways.states, { ...filter, stateMachineArn });
    if (group) return await printGroups(context, listed.executions);
    const { executions, more } = listed;
    if (executions.length === 0 && filter.requestId !== undefined)
      throw await nothingOf(filter.requestId, listed.otherRequestIds, target);
    const { executionLines, executionListDocument } = await import('../../views/execution/list.js');
    const documents = executions.map(executionListDocument);
    if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
    else context.out.json({ executions: documents });
    if (context.output !== 'text') return exitCodes.ok;
    if (executions.length === 0) context.err.notice(`No such executions on target ${target.name}.`);
    for (const line of executionLines(executions, now, context.terminal)) context.out.line(line);
    if (more) context.err.notice(`There are more: --limit ${filter.limit * 5}`);
    return exitCodes.ok;
  },
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
  const [{ groupFailures }, { failureGroupDocument, failureGroupLines, groupedExecution }] =
    await Promise.all([
      import('../../workflow/failure/failure-groups.js'),
      import('../../views/execution/failure-groups.js'),
    ]);
  const groups = groupFailures(executions.map(groupedExecution));
  const documents = groups.map(failureGroupDocument);
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ groups: documents });
  if (groups.length === 0) context.err.notice('Nothing failed.');
  for (const line of failureGroupLines(groups, context.terminal)) context.out.line(line);
  return exitCodes.ok;
}

async function nothingOf(requestId: string, others: string[], target: Target): Promise<FlowError> {
  const { nearMisses } = await import('../../workflow/answer/near-misses.js');
  const near = nearMisses(requestId, others);
  return new FlowError(
    exitCodes.notFound,
    'RequestNotFound',
    `no execution with request id ${requestId} on target ${target.name}${near.length > 0 ? `; near: ${near.join(', ')}` : ''}`,
    { hint: `mbc-flow list${target.flagsForHints} --since 7d`, details: { near } },
  );
}
