import type { ExecutionStatus } from '../asl/execution.js';
import { exitCodes, FlowError } from '../errors.js';
import { parseDuration } from '../views/duration.js';
import type { Command } from './command.js';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

export const list: Command = {
  name: 'list',
  summary: 'Executions, newest first',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN (default: all of them)' },
  ],
  options: [
    { flags: '--status <status>', description: 'only of this status', choices: statuses },
    { flags: '--since <time>', description: 'started since: 30m, 2h, 7d ago, or a date (2026-01-31T09:00)' },
    { flags: '--limit <number>', description: 'at most so many', default: '20' },
  ],
  examples: [
    { line: 'mbc-flow list', what: 'the 20 newest of all machines' },
    {
      line: 'mbc-flow list import-csv --status FAILED --since 1d',
      what: 'imports that failed since yesterday',
    },
    { line: 'mbc-flow list -o ndjson --limit 1000', what: 'one JSON object a line' },
  ],
  async run(context, [machine], options) {
    const now = context.clock.now();
    const filter = {
      status: options.status as ExecutionStatus | undefined,
      since: sinceOf(options.since, now),
      limit: limitOf(options.limit),
    };
    const target = await context.connect({ changes: false });
    const stateMachineArn = typeof machine === 'string' ? await target.machineArn(machine) : undefined;
    const { listExecutions } = await import('../operations/list-executions.js');
    const { executions, more } = await listExecutions(target.gateways.states, { ...filter, stateMachineArn });
    const { executionLines, executionListDocument } = await import('../views/executions.js');
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

function sinceOf(value: unknown, now: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ago = parseDuration(value);
  const since = ago === undefined ? Date.parse(value) : now - ago;
  if (!Number.isNaN(since)) return since;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${value}' is neither a duration nor a date`, {
    where: '--since',
    hint: '--since 2h, --since 7d, --since 2026-01-31',
  });
}

function limitOf(value: unknown): number {
  const limit = Number(value);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${value}' is no number of executions`, {
    where: '--limit',
    hint: '--limit 100',
  });
}
