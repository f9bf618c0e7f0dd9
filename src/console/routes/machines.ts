import { exitCodes, FlowError, failedWith } from '../../errors.js';
import { jsonErrorOffset, positionOf } from '../../json/json-positions.js';
import { jsonFault } from '../../json/parse.mjs';
import { machineOverview } from '../../operations/machine/overview.js';
import { machineStats } from '../../operations/machine/stats.js';
import { prepareStart } from '../../operations/start/prepare-start.js';
import { startExecution } from '../../operations/start/start-execution.js';
import { overviewDocument } from '../../views/machine/overview.js';
import { machineStatsDocument } from '../../views/machine/stats.js';
import { machineName } from '../../workflow/names/arn.js';
import type { CheckDocument, StartedDocument } from '../api.js';
import type { Console } from '../console.js';
import { optionalTextIn, textIn } from '../http/fields.js';
import { errorOf } from '../http/reply.js';
import type { ApiRequest, Route } from '../http/route.js';

const DAY = 86_400_000;
/** What of the histories is read for the states' statistics. */
const SAMPLED = 25;
const BUCKETS = 48;

export const machineRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/machines/:arn',
    async run({ params: { arn = '' } }, console) {
      const { gateways } = await console.target();
      return overviewDocument(await machineOverview(gateways.states, arn));
    },
  },
  {
    method: 'GET',
    path: '/api/machines/:arn/stats',
    async run({ params: { arn = '' }, query }, console) {
      const { gateways, region } = await console.target();
      const now = console.context.clock.now();
      const days = Math.min(30, Math.max(1, Number(query.get('days')) || 1));
      const since = now - days * DAY;
      const machine = await gateways.states.describeStateMachine(arn);
      const options = { since, now, sample: SAMPLED, buckets: BUCKETS, tell() {} };
      const { machines } = await machineStats(gateways, [machine], options);
      const [stats] = machines;
      return stats ? machineStatsDocument(stats, region) : null;
    },
  },
  {
    method: 'POST',
    path: '/api/machines/:arn/check',
    changes: false,
    async run(request, console): Promise<CheckDocument> {
      try {
        const order = orderIn(request);
        const { warning } = await prepared(order, console);
        return { ok: warning === undefined, ...(warning && { problem: errorOf(warning) }) };
      } catch (error) {
        if (failedWith(error, exitCodes.usage)) return { ok: false, problem: errorOf(error) };
        throw error;
      }
    },
  },
  {
    method: 'POST',
    path: '/api/machines/:arn/start',
    changes: true,
    async run(request, console): Promise<StartedDocument> {
      const { gateways, rememberExecution } = await console.target();
      const order = orderIn(request);
      const { former, express } = await prepared(order, console);
      const started = former ?? (await startExecution(gateways.states, order));
      const { executionArn, startDate } = started;
      await rememberExecution(executionArn);
      console.desk.touch(executionArn);
      return { executionArn, startDate: startDate.toISOString(), express, former: former !== undefined };
    },
  },
];

interface Order {
  stateMachineArn: string;
  name: string;
  input: string;
  /** The name was given: the same start a second time is the first. */
  named: boolean;
}

/** @throws FlowError 2 where the input is no JSON, with its place */
function orderIn({ params: { arn = '' }, body }: ApiRequest): Order {
  const input = textIn(body, 'input');
  const offset = jsonErrorOffset(input);
  if (offset !== undefined) {
    const { line, column } = positionOf(input, offset);
    throw new FlowError(exitCodes.usage, 'InvalidInput', `the input ${jsonFault(input)}`, {
      where: `${line}:${column}`,
      details: { line, column },
    });
  }
  const name = optionalTextIn(body, 'name')?.trim();
  return { stateMachineArn: arn, input, name: name || crypto.randomUUID(), named: Boolean(name) };
}

async function prepared({ named, ...order }: Order, { target, context }: Console) {
  const { states } = (await target()).gateways;
  const { evaluate, clock } = context;
  const where = machineName(order.stateMachineArn);
  return await prepareStart({ ...order, where, again: named, check: 'warn' }, { states, evaluate, clock });
}
