import { type FilterPattern, matchesAny, messageMatchesAny } from '../../events/filter-pattern.js';
import type { JsonObject } from '../../json/json.js';
import type { ExecutionSummary, FunctionGateway, StepFunctionsGateway } from '../../ports/aws.js';
import { begunSince, newestExecution } from '../execution/executions-since.js';
import { type Delivery, deliverEvent } from './deliver-event.js';
import type { DraftRecord } from './draft-records.js';
import type { SourceKind } from './find-event-source.js';

/** One invocation: a batch of one record. */
export interface PlannedEvent extends DraftRecord {
  event: { Records: [JsonObject] };
  /** Left out by the filters: AWS would not call the function. */
  filtered: boolean;
}

export function planEvents(
  kind: SourceKind,
  drafts: DraftRecord[],
  filters: FilterPattern[],
): PlannedEvent[] {
  const fits = kind === 'queue' ? messageMatchesAny : matchesAny;
  return drafts.map((draft) => ({
    ...draft,
    event: { Records: [draft.record] },
    filtered: !fits(draft.record, filters),
  }));
}

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
  functionName: string;
  /** Undefined: nobody knows what it would start. */
  machineArn?: string;
  /** How long to look for an execution that begins, in milliseconds; the list of AWS lags behind. */
  patience: number;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
  pollMilliseconds: number;
}

/** One after the other, as the shard of a stream is delivered. */
export async function* triggerEvents(
  delivering: Delivering,
  planned: PlannedEvent[],
): AsyncIterable<DeliveredEvent> {
  for (const one of planned) {
    if (one.filtered) yield { ...one, executions: [] };
    else yield await triggerEvent(delivering, one);
  }
}

async function triggerEvent(delivering: Delivering, planned: PlannedEvent): Promise<DeliveredEvent> {
  const { gateways, functionName, machineArn } = delivering;
  const { functions, states } = gateways;
  const before = machineArn === undefined ? undefined : await newestExecution(states, machineArn);
  const delivery = await deliverEvent(functions, functionName, planned.event);
  if (machineArn === undefined || delivery.failure) return { ...planned, delivery, executions: [] };
  const { clock, signal, patience, pollMilliseconds } = delivering;
  const until = clock.now() + patience;
  for (;;) {
    const executions = await begunSince(states, machineArn, before, planned.mentions);
    if (executions.length > 0 || clock.now() >= until) return { ...planned, delivery, executions };
    await clock.sleep(pollMilliseconds, signal);
  }
}
