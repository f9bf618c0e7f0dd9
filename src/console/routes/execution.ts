import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import { parentOfChild } from '../../operations/execution/parent-of-child.js';
import { planRedrive } from '../../operations/execution/plan-redrive.js';
import { readExpressLog } from '../../operations/follow/express-log.js';
import { diffExecutions } from '../../operations/machine/diff.js';
import { readRecorded } from '../../operations/rehearsal/recorded-execution.js';
import { inputOfExecution } from '../../operations/start/execution-input.js';
import { prepareStart } from '../../operations/start/prepare-start.js';
import { startExecution } from '../../operations/start/start-execution.js';
import type { Gateways } from '../../ports/aws.js';
import { historyDocument } from '../../views/execution/history.js';
import { redrivePlanDocument } from '../../views/execution/redrive-plan.js';
import { executionDiffDocument } from '../../views/machine/diff.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import { presentable } from '../../workflow/history/event-filter.js';
import { isExpress, machineOfExecution } from '../../workflow/names/arn.js';
import { rerunName } from '../../workflow/names/rerun-name.js';
import type {
  EventsDocument,
  ExecutionDataDocument,
  ExecutionDiffDocument,
  RedrivePlanDocument,
  RerunDocument,
  StartedDocument,
} from '../api.js';
import type { Console } from '../console.js';
import { optionalTextIn } from '../http/fields.js';
import type { Route } from '../http/route.js';

/** Events that are asked for at once. */
const MOST_EVENTS = 10;
const PAGE = 1_000;

export const oneExecutionRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/executions/:arn/data',
    async run({ params: { arn = '' } }, console): Promise<ExecutionDataDocument> {
      const { gateways } = await console.target();
      if (!isExpress(arn)) {
        const { input, output, error, cause } = await gateways.states.describeExecution(arn);
        return { input: input ?? null, output: output ?? null, error: error ?? null, cause: cause ?? null };
      }
      const { events } = await readExpressLog(gateways, arn, console.context.clock.now());
      const [first, last] = [events[0], events.at(-1)];
      const { output, error, cause } = last ? detailsOf(last) : {};
      return {
        input: (first && textOf(detailsOf(first).input)) ?? null,
        output: textOf(output) ?? null,
        error: textOf(error) ?? null,
        cause: textOf(cause) ?? null,
      };
    },
  },
  {
    method: 'GET',
    path: '/api/executions/:arn/definition',
    async run({ params: { arn = '' } }, console): Promise<{ definition: string }> {
      const { states } = (await console.target()).gateways;
      // Of an EXPRESS execution AWS knows the machine only, as it is today.
      const { definition } = isExpress(arn)
        ? await states.describeStateMachine(machineOfExecution(arn))
        : await states.describeStateMachineForExecution(arn);
      return { definition };
    },
  },
  {
    method: 'GET',
    path: '/api/executions/:arn/events',
    async run({ params: { arn = '' }, query }, console): Promise<EventsDocument> {
      const ids = (query.get('ids') ?? '').split(',').map(Number);
      if (ids.length > MOST_EVENTS || !ids.every((id) => Number.isSafeInteger(id) && id > 0))
        throw new FlowError(exitCodes.usage, 'BadRequest', `ids must be 1 to ${MOST_EVENTS} numbers`);
      const { gateways } = await console.target();
      const events = await eventsWith(gateways, arn, new Set(ids), console.context.clock.now());
      return { events: events.map((event) => historyDocument(presentable(event, true))) };
    },
  },
  {
    method: 'GET',
    path: '/api/executions/:arn/redrive',
    async run({ params: { arn = '' } }, console): Promise<RedrivePlanDocument> {
      const { gateways } = await console.target();
      return redrivePlanDocument(await planRedrive(gateways.states, arn));
    },
  },
  {
    method: 'GET',
    path: '/api/executions/:arn/diff',
    async run({ params: { arn = '' }, query }, console): Promise<ExecutionDiffDocument> {
      const { gateways } = await console.target();
      const now = console.context.clock.now();
      const before = await readRecorded(gateways, query.get('with') ?? '', now);
      return executionDiffDocument(diffExecutions(before, await readRecorded(gateways, arn, now)));
    },
  },
  {
    method: 'GET',
    path: '/api/executions/:arn/rerun',
    run: async ({ params: { arn = '' } }, console): Promise<RerunDocument> => await orderOf(arn, console),
  },
  {
    method: 'POST',
    path: '/api/executions/:arn/rerun',
    changes: true,
    async run({ params: { arn = '' }, body }, console): Promise<StartedDocument> {
      const { gateways, rememberExecution } = await console.target();
      const { evaluate, clock } = console.context;
      const { states } = gateways;
      const then = await orderOf(arn, console);
      // What the page shows has its tokens struck out: it sends the input only where that was changed.
      const input = optionalTextIn(body, 'input') ?? then.input;
      const name = optionalTextIn(body, 'name')?.trim() || then.name;
      const start = { stateMachineArn: then.stateMachineArn, name, input };
      const where = 'the input';
      const plan = { ...start, where, again: name !== then.name, check: 'skip' } as const;
      const { former, express } = await prepareStart(plan, { states, evaluate, clock });
      const { executionArn, startDate } = former ?? (await startExecution(states, start));
      await rememberExecution(executionArn);
      console.desk.touch(executionArn);
      return { executionArn, startDate: startDate.toISOString(), express, former: former !== undefined };
    },
  },
];

/** @throws FlowError 2 for a child of a map run, 4 where its input may not be read */
async function orderOf(executionArn: string, console: Console): Promise<RerunDocument> {
  const { gateways } = await console.target();
  if (isExpress(executionArn))
    return await orderOfExpress(executionArn, gateways, console.context.clock.now());
  const { states } = gateways;
  const before = await states.describeExecution(executionArn);
  if ((await parentOfChild(states, before)) !== undefined)
    throw new FlowError(
      exitCodes.usage,
      'ChildOfMapRun',
      'a child of a map run is not started by itself, only by its parent',
    );
  const { stateMachineArn, name } = before;
  return {
    stateMachineArn,
    name: rerunName(name, console.context.clock.now()),
    input: inputOfExecution(before),
  };
}

/** By its log; a name is no condition of an EXPRESS start. @throws FlowError 3 where the log has no input */
async function orderOfExpress(
  executionArn: string,
  gateways: Pick<Gateways, 'states' | 'logs'>,
  now: number,
): Promise<RerunDocument> {
  const { events } = await readExpressLog(gateways, executionArn, now);
  const start = events.find(({ type }) => type === 'ExecutionStarted');
  const input = start && textOf(detailsOf(start).input);
  if (!input)
    throw new FlowError(exitCodes.notFound, 'InputUnknown', 'the log has no input of the execution', {
      where: executionArn,
      hint: 'let the state machine log execution data (includeExecutionData)',
    });
  const name = executionArn.split(':')[7] ?? '';
  return { stateMachineArn: machineOfExecution(executionArn), name: rerunName(name, now), input };
}

/** Those that there are, in ascending order. */
async function eventsWith(
  { states, logs }: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  ids: ReadonlySet<number>,
  now: number,
): Promise<HistoryEvent[]> {
  if (isExpress(executionArn)) {
    const { events } = await readExpressLog({ states, logs }, executionArn, now);
    return events.filter(({ id }) => ids.has(id));
  }
  const found: HistoryEvent[] = [];
  for await (const page of states.historyPages(executionArn, { pageSize: PAGE })) {
    for (const event of page) if (ids.has(event.id)) found.push(event);
    if (found.length === ids.size) break;
  }
  return found;
}
