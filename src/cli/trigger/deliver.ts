import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { FilterPattern } from '../../events/filter-pattern.js';
import { readFilters } from '../../events/filter-pattern.js';
import type { DraftRecord } from '../../operations/trigger/draft-records.js';
import type { EventSource, SourceKind } from '../../operations/trigger/find-event-source.js';
import { findEventSource } from '../../operations/trigger/find-event-source.js';
import type { DeliveredEvent, PlannedEvent } from '../../operations/trigger/trigger-events.js';
import { planEvents, triggerEvents } from '../../operations/trigger/trigger-events.js';
import type { Gateways } from '../../ports/aws.js';
import type { Wait } from '../../ports/waits.js';
import {
  plannedDocument,
  plannedLines,
  triggeredDocument,
  triggeredLines,
} from '../../views/execution/trigger.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interrupted.js';
import { howItGoesOn } from '../shell/leaving.js';
import { jsonDocuments } from '../shell/read-documents.js';
import type { Target } from '../shell/target.js';
import { watchExecutions } from '../watch/watch.run.js';

/** Where the records come to be. */
export interface Place extends Pick<EventSource, 'arn' | 'name'> {
  account: string;
  region: string;
  prefix?: string;
  /** Epoch milliseconds. */
  now: number;
}

interface Triggering {
  kind: SourceKind;
  /** Of the table or the queue, as it was called. */
  name: string;
  /** What such names begin with on a target. */
  prefix(target: Target): string | undefined;
  draft(place: Place, gateways: Gateways): Promise<DraftRecord[]>;
}

export async function runTrigger(
  context: Context,
  options: Record<string, unknown>,
  { kind, name, prefix: prefixOf, draft }: Triggering,
): Promise<ExitCode> {
  const filters = await filtersOf(options.filter);
  const target = await context.connect({ changes: true });
  const machine = String(options.machine ?? machineRole(name));
  const account = target.account ?? (await target.gateways.identity.callerIdentity()).account;
  const { region, prefix } = target;
  const source = await findEventSource(target.gateways, {
    kind,
    name,
    prefix: prefixOf(target),
    region,
    account,
    functionName: options.function as string | undefined,
    configured: target.eventFunction,
    machineArn: () => target.machineArn(machine),
  });
  const place = { ...source, account, region, prefix, now: context.clock.now() };
  const drafts = await draft(place, target.gateways);
  const planned = planEvents(kind, drafts, filters ?? source.filters);
  if (context.dryRun) return await show(context, target, source, planned);
  return await deliver(context, target, { kind, source, planned, machine, follow: options.follow === true });
}

/** The filters of `--filter`; undefined: those of the source. */
async function filtersOf(filter: unknown): Promise<FilterPattern[] | undefined> {
  if (filter === undefined) return undefined;
  if (filter === 'none') return [];
  const [{ text } = { text: '' }] = jsonDocuments({ text: String(filter), where: '--filter' });
  return readFilters(JSON.parse(text), '--filter');
}

/** The framework's machine that the records of a table or a queue are for. */
function machineRole(name: string): string {
  if (/import/.test(name)) return 'import-csv';
  return /task/.test(name) ? 'task' : 'command';
}

async function show(
  context: Context,
  target: Target,
  { functionName, reason }: EventSource,
  planned: PlannedEvent[],
): Promise<ExitCode> {
  const documents = planned.map((one) => plannedDocument(one, functionName));
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json(oneOrAll(documents));
  for (const one of planned) {
    const { event, fate } = plannedLines(one, `${functionName} (${reason})`);
    context.err.notice(fate);
    context.out.line(event);
  }
  context.err.notice(`Nothing was delivered on ${await target.describe()}.`);
  return exitCodes.ok;
}

interface Order {
  kind: SourceKind;
  source: EventSource;
  planned: PlannedEvent[];
  machine: string;
  follow: boolean;
}

async function deliver(context: Context, target: Target, order: Order): Promise<ExitCode> {
  const { kind, source, planned, machine, follow } = order;
  const { functionName } = source;
  const wanted = planned.filter(({ filtered }) => !filtered).length;
  if (wanted > 0) await target.confirm(changeOf(source, wanted));
  const delivering = {
    gateways: target.gateways,
    functionName,
    machineArn: wanted > 0 ? await machineIfKnown(target, machine) : undefined,
    patience: follow ? FOLLOW_PATIENCE : 0,
    clock: context.clock,
    signal: context.signal,
    pollMilliseconds: target.pollMilliseconds,
  };
  const done: DeliveredEvent[] = [];
  const deliveries = triggerEvents(delivering, planned)[Symbol.asyncIterator]();
  const next = () =>
    context.waits.during(waitForDelivery(functionName, follow, machine), () => deliveries.next());
  for (let one = await next(); !one.done; one = await next()) {
    const delivered = one.value;
    done.push(delivered);
    if (context.output === 'ndjson') context.out.json(triggeredDocument(delivered, functionName));
    for (const line of triggeredLines(delivered, functionName, context.terminal.color))
      context.out.line(line);
    const newest = delivered.executions.at(-1);
    if (newest) await target.rememberExecution(newest.executionArn);
    // A shard stands still at a record that fails; the messages of a queue know nothing of each other.
    if (failed(delivered) && kind === 'stream') break;
    if (context.signal.aborted && done.length < planned.length)
      throw interrupted(
        context,
        `Interrupted: ${done.length} of ${planned.length} records were delivered, the others were not.`,
      );
  }
  const begun = done.flatMap(({ executions }) => executions.map(({ executionArn }) => executionArn));
  const bad = done.some(failed);
  if (follow && begun.length > 0 && !bad) return await watchExecutions(context, target, begun);
  if (context.output === 'json')
    context.out.json(oneOrAll(done.map((one) => triggeredDocument(one, functionName))));
  const left = planned.length - done.length;
  if (left > 0) context.err.notice(`${left} more not delivered: on AWS a shard stands still at what fails.`);
  const newest = begun.at(-1);
  if (newest !== undefined) context.err.notice(await howItGoesOn(target, newest));
  else if (follow && wanted > 0 && !bad) context.err.notice(`No execution of ${machine} began.`);
  return bad || (follow && wanted > 0) ? exitCodes.failed : exitCodes.ok;
}

const waitForDelivery = (functionName: string, follow: boolean, machine: string): Wait => ({
  on: `${functionName} to take the record${follow ? `, and for an execution of ${machine} to begin` : ''}`,
  missing: 'mbc-flow logs -f shows what the function does',
});

/** How long an execution that is to be followed may take to appear in the list. */
const FOLLOW_PATIENCE = 10_000;

const changeOf = ({ name, functionName, reason }: EventSource, count: number): string =>
  `deliver ${count === 1 ? 'a record' : `${count} records`} of ${name} to the function ${functionName} (${reason})`;

/** What an event starts is told where it can be: a function may be for another machine, or for none. */
async function machineIfKnown(target: Target, machine: string): Promise<string | undefined> {
  try {
    return await target.machineArn(machine);
  } catch (error) {
    if (
      error instanceof FlowError &&
      [exitCodes.notFound, exitCodes.conflict].some((code) => code === error.exitCode)
    )
      return undefined;
    throw error;
  }
}

const failed = ({ delivery }: DeliveredEvent): boolean =>
  delivery !== undefined && (delivery.functionError !== undefined || delivery.returned.length > 0);

/** The document of the only record, or of all of them. */
const oneOrAll = (documents: object[]): object =>
  documents.length === 1 && documents[0] ? documents[0] : { records: documents };
