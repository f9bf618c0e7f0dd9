import { exitCodes, failedWith } from '../../errors.js';
import type { ExecutionSummary, FunctionGateway, StepFunctionsGateway } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { Waits } from '../../ports/waits.js';
import { begunSince, newestExecution } from '../execution/executions-since.js';
import { type Delivery, deliverEvent } from './deliver-event.js';
import type { TriggerPlan } from './plan-trigger.js';
import type { PlannedEvent } from './planned-event.js';

export interface DeliveredEvent extends PlannedEvent {
  /** Undefined: it was left out. */
  delivery?: Delivery;
  /** What began on the machine in the meantime. */
  executions: ExecutionSummary[];
}

interface Delivering {
  gateways: {
    functions: Pick<FunctionGateway, 'invoke'>;
    states: Pick<StepFunctionsGateway, 'listExecutions' | 'describeExecution'>;
  };
  machineArn(reference: string): Promise<string>;
  clock: Clock;
  /** Nothing more is delivered once it has fired. */
  signal: AbortSignal;
  pollMilliseconds: number;
  waits: Waits;
  /** What begins is to be followed: an execution is waited for. */
  follow: boolean;
}

/** How long an execution that is to be followed may take to appear in the list; the list of AWS lags behind. */
const PATIENCE = 10_000;

/** One after the other. A shard stands still at a record that fails; the messages of a queue know nothing of each other. */
export async function* triggerEvents(
  delivering: Delivering,
  { kind, source: { functionName }, machine, events }: TriggerPlan,
): AsyncGenerator<DeliveredEvent> {
  const { signal, waits, follow } = delivering;
  const wanted = events.some(({ filtered }) => !filtered);
  const machineArn = wanted ? await machineIfKnown(delivering, machine) : undefined;
  const wait = {
    on: `${functionName} to take the record${follow ? `, and for an execution of ${machine} to begin` : ''}`,
    missing: 'see what the function does with mbc-flow logs -f',
  };
  for (const event of events) {
    const delivered = event.filtered
      ? { ...event, executions: [] }
      : await waits.during(wait, () => triggerEvent(delivering, functionName, machineArn, event));
    yield delivered;
    if (signal.aborted || (kind === 'stream' && isFailed(delivered))) return;
  }
}

/** The function failed, or gave records back. */
export const isFailed = ({ delivery }: DeliveredEvent): boolean =>
  delivery !== undefined && (delivery.functionError !== undefined || delivery.returned.length > 0);

/** What an event starts is told where it can be: a function may be for another machine, or for none. */
async function machineIfKnown({ machineArn }: Delivering, machine: string): Promise<string | undefined> {
  try {
    return await machineArn(machine);
  } catch (error) {
    const unknown = failedWith(error, exitCodes.notFound, exitCodes.conflict);
    if (unknown) return undefined;
    throw error;
  }
}

async function triggerEvent(
  { gateways, follow, clock, signal, pollMilliseconds }: Delivering,
  functionName: string,
  machineArn: string | undefined,
  planned: PlannedEvent,
): Promise<DeliveredEvent> {
  const { functions, states } = gateways;
  const before = machineArn === undefined ? undefined : await newestExecution(states, machineArn);
  const delivery = await deliverEvent(functions, functionName, planned.event);
  if (machineArn === undefined || delivery.failure) return { ...planned, delivery, executions: [] };
  const until = clock.now() + (follow ? PATIENCE : 0);
  for (;;) {
    const executions = await begunSince(states, machineArn, before, planned.mentions);
    if (executions.length > 0 || clock.now() >= until) return { ...planned, delivery, executions };
    await clock.sleep(pollMilliseconds, signal);
  }
}
