import { type ExitCode, exitCodes } from '../../errors.js';
import { type FilterPattern, readFilters } from '../../events/filter-pattern.js';
import {
  type Place,
  planTrigger,
  type TriggerOrder,
  type TriggerPlan,
} from '../../operations/trigger/plan-trigger.js';
import { type DeliveredEvent, isFailed, triggerEvents } from '../../operations/trigger/trigger-events.js';
import type { Gateways } from '../../ports/aws.js';
import {
  plannedDocument,
  plannedLines,
  triggeredDocument,
  triggeredLines,
} from '../../views/trigger/trigger.js';
import type { Context } from '../shell/context.js';
import { jsonDocuments } from '../shell/input/read-documents.js';
import { howItGoesOn, interrupted } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { watchExecutions } from '../watch/watch.run.js';
import type { TriggerOptions } from './options.js';

interface Triggering extends Pick<TriggerOrder, 'kind' | 'name'> {
  draft(place: Place, gateways: Gateways): ReturnType<TriggerOrder['draft']>;
}

export async function runTrigger(
  context: Context,
  { filter, function: functionName, machine, follow = false }: TriggerOptions,
  { draft, ...what }: Triggering,
): Promise<ExitCode> {
  const filters = filter === undefined ? undefined : filtersOf(filter);
  const target = await context.connect({ changes: true });
  const order: TriggerOrder = {
    ...what,
    functionName,
    filters,
    machine,
    draft: (place) => draft(place, target.gateways),
  };
  const plan = await planTrigger(target, order, context.clock.now());
  if (context.dryRun) return await show(context, target, plan);
  return await deliver(context, target, plan, follow);
}

function filtersOf(filter: string): FilterPattern[] {
  if (filter === 'none') return [];
  const [{ text } = { text: '' }] = jsonDocuments({ text: filter, where: '--filter' });
  return readFilters(JSON.parse(text), '--filter');
}

async function show(
  { out, err }: Context,
  target: Target,
  { source, events }: TriggerPlan,
): Promise<ExitCode> {
  const { functionName, reason } = source;
  const records = out.stream('records');
  for (const one of events) {
    const { event, fate } = plannedLines(one, `${functionName} (${reason})`);
    err.notice(fate);
    records.add(plannedDocument(one, functionName), [event]);
  }
  records.end({}, { alone: true });
  err.notice(`Nothing was delivered on ${await target.describe()}.`);
  return exitCodes.ok;
}

async function deliver(
  context: Context,
  target: Target,
  plan: TriggerPlan,
  follow: boolean,
): Promise<ExitCode> {
  const { source, events, machine } = plan;
  const { out, err, terminal } = context;
  const wanted = events.filter(({ filtered }) => !filtered).length;
  if (wanted > 0) await target.confirm(changeOf(plan, wanted));
  const records = out.stream('records');
  const done: DeliveredEvent[] = [];
  for await (const one of triggerEvents({ ...around(context, target), follow }, plan)) {
    done.push(one);
    const { functionName } = source;
    records.add(triggeredDocument(one, functionName), triggeredLines(one, functionName, terminal.color));
    const newest = one.executions.at(-1);
    if (newest) await target.rememberExecution(newest.executionArn);
  }
  const bad = done.some(isFailed);
  const left = events.length - done.length;
  if (left > 0 && !standsStill(plan, done)) {
    const message = `Interrupted: ${done.length} of ${events.length} records were delivered; the others were not.`;
    throw interrupted(context, message);
  }
  const begun = done.flatMap(({ executions }) => executions.map(({ executionArn }) => executionArn));
  if (follow && begun.length > 0 && !bad) return await watchExecutions(context, target, begun);
  records.end({}, { alone: true });
  if (left > 0) err.notice(`${left} more not delivered: on AWS, a shard stops at a failing record.`);
  const newest = begun.at(-1);
  if (newest !== undefined) err.notice(await howItGoesOn(target, newest));
  else if (follow && wanted > 0 && !bad) err.notice(`No execution of ${machine} started.`);
  return bad || (follow && wanted > 0) ? exitCodes.failed : exitCodes.ok;
}

const around = ({ clock, signal, waits }: Context, { gateways, machineArn, pollMilliseconds }: Target) => ({
  gateways,
  machineArn,
  pollMilliseconds,
  clock,
  signal,
  waits,
});

const standsStill = ({ kind }: TriggerPlan, done: DeliveredEvent[]): boolean =>
  kind === 'stream' && done.slice(-1).some(isFailed);

const changeOf = ({ source: { name, functionName, reason } }: TriggerPlan, count: number): string =>
  `deliver ${count === 1 ? 'a record' : `${count} records`} of ${name} to the function ${functionName} (${reason})`;
