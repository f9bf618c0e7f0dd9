import { type FilterPattern, matchesAny, messageMatchesAny } from '../../events/filter-pattern.js';
import type { Gateways } from '../../ports/aws.js';
import type { DraftRecord } from './draft-records.js';
import { type EventSource, findEventSource, type SourceKind } from './find-event-source.js';
import type { PlannedEvent } from './planned-event.js';

/** Where the records come to be. */
export interface Place extends Pick<EventSource, 'arn' | 'name'> {
  account: string;
  region: string;
  prefix?: string;
  /** Epoch milliseconds. */
  now: number;
}

/** The target, as far as it says where records come from and go to. */
interface Surroundings {
  gateways: Pick<Gateways, 'functions' | 'states' | 'tables' | 'identity'>;
  region: string;
  account?: string;
  prefix?: string;
  tablePrefix?: string;
  /** The function that gets its events, where the config says so. */
  eventFunction?: string;
  machineArn(reference: string): Promise<string>;
}

export interface TriggerOrder {
  kind: SourceKind;
  /** Of the table or the queue, as it was called. */
  name: string;
  functionName?: string;
  /** Instead of those of the source. */
  filters?: FilterPattern[];
  /** Whose new executions are told; by default that which such records are for. */
  machine?: string;
  draft(place: Place): Promise<DraftRecord[]>;
}

export interface TriggerPlan {
  kind: SourceKind;
  source: EventSource;
  machine: string;
  events: PlannedEvent[];
}

/** What would be delivered, and to whom: nothing is yet. */
export async function planTrigger(
  target: Surroundings,
  order: TriggerOrder,
  now: number,
): Promise<TriggerPlan> {
  const { gateways, region, prefix, tablePrefix, eventFunction } = target;
  const { kind, name, functionName, filters, machine = machineRole(name) } = order;
  const account = target.account ?? (await gateways.identity.callerIdentity()).account;
  const source = await findEventSource(gateways, {
    kind,
    name,
    prefix: kind === 'stream' ? tablePrefix : prefix,
    region,
    account,
    functionName,
    configured: eventFunction,
    machineArn: () => target.machineArn(machine),
  });
  const { arn } = source;
  const drafts = await order.draft({ name: source.name, arn, account, region, prefix, now });
  return { kind, source, machine, events: planEvents(kind, drafts, filters ?? source.filters) };
}

function planEvents(kind: SourceKind, drafts: DraftRecord[], filters: FilterPattern[]): PlannedEvent[] {
  const fits = kind === 'queue' ? messageMatchesAny : matchesAny;
  return drafts.map((draft) => ({
    ...draft,
    event: { Records: [draft.record] },
    filtered: !fits(draft.record, filters),
  }));
}

/** The framework's machine that the records of a table or a queue are for. */
function machineRole(name: string): string {
  if (/import/.test(name)) return 'import-csv';
  return /task/.test(name) ? 'task' : 'command';
}
