import type { DeskData, DeskExecution, DeskStep } from '../../operations/desk/snapshot.js';
import { typedName } from '../../workflow/names/typed-name.js';
import { executionListDocument } from '../execution/list.js';
import { count } from '../states/map-progress.js';
import { formatDuration } from '../text/duration.js';
import { oneLine } from '../text/safe-text.js';
import { clockText, type Zone, zonedTime } from '../text/time.js';
import { askedLine, stepName, timeLeft } from './lists.js';

const MOST = 20;

/** The desk in words, for who hears it. */
export function* plainLines(data: DeskData, now: number, zone: Zone): Generator<string> {
  const { executions, paused, jobs, machines } = data;
  yield `As of ${zonedTime(now, zone)}.`;
  yield '';
  yield titled('state machine', machines.rows.length);
  for (const { name, running, paused, failed, succeeded } of machines.rows)
    yield `${oneLine(name)}: ${count(running)} running, ${count(paused)} paused, ${count(failed)} failed, ${count(succeeded)} succeeded.`;
  yield '';
  yield titled('paused step', paused.rows.length);
  for (const step of paused.rows.slice(0, MOST)) yield stepText(step, now);
  yield* more(paused.rows.length);
  const { reading } = paused;
  if (reading) yield `Looked into ${count(reading.read)} of ${count(reading.of)} running executions so far.`;
  yield '';
  yield titled('execution', executions.rows.length, executions.more);
  if (executions.at === undefined) yield 'Not every state machine was looked at yet.';
  for (const execution of executions.rows.slice(0, MOST)) yield executionText(execution, now, zone);
  yield* more(executions.rows.length);
  yield '';
  yield titled('import or batch', jobs.rows.length, false, 'imports and batches');
  if (jobs.missing !== undefined) yield `Not read: ${oneLine(jobs.missing)}`;
  for (const { kind, key, status, done, total, failed } of jobs.rows.slice(0, MOST))
    yield `${kind} ${oneLine(key)}: ${oneLine(status)}, ${done ?? 'unknown'} of ${total ?? 'unknown'} done, ${failed ?? 'unknown'} failed.`;
}

function titled(what: string, number: number, more = false, many = `${what}s`): string {
  if (number === 0) return `No ${many}.`;
  return `${count(number)}${more ? ' or more' : ''} ${number === 1 ? what : many}:`;
}

function* more(number: number): Generator<string> {
  if (number > MOST) yield `And ${count(number - MOST)} more.`;
}

function executionText(execution: DeskExecution, now: number, zone: Zone): string {
  const { typed, machine, status, startDate, stopDate, why } = execution;
  const took = formatDuration((stopDate?.getTime() ?? now) - startDate.getTime());
  return `${oneLine(typed)} of ${oneLine(machine)}: ${status}, started ${clockText(startDate.getTime(), zone)}, took ${took}${why === undefined ? '' : `, because: ${oneLine(why)}`}.`;
}

function stepText(step: DeskStep, now: number): string {
  const name = oneLine(step.requestId ?? typedName(step.execution.executionArn));
  const left = timeLeft(step, now);
  return `${name}: ${oneLine(stepName(step))} of ${oneLine(step.machine)} has waited ${formatDuration(now - step.since)}${left === '—' ? '' : `, ${left} left`}. Asked: ${askedLine(step)}`;
}

/**
 * What has changed: one line each.
 * @param since what started before is no news when it is seen for the first time
 */
export function* plainChanges(
  before: DeskData,
  data: DeskData,
  { now, since }: { now: number; since: number },
  zone: Zone,
): Generator<string> {
  const at = clockText(now, zone).slice(0, 8);
  if (before.executions.rows !== data.executions.rows) {
    const statuses = new Map(
      before.executions.rows.map(({ executionArn, status }) => [executionArn, status]),
    );
    for (const execution of [...data.executions.rows].reverse()) {
      const { executionArn, status, typed, machine } = execution;
      const was = statuses.get(executionArn);
      if (was === undefined && execution.startDate.getTime() < since) continue;
      if (was !== status)
        yield `${at} ${oneLine(typed)} of ${oneLine(machine)}: ${was === undefined ? 'started, ' : ''}${status}`;
    }
  }
  if (before.paused.rows !== data.paused.rows) {
    const known = new Set(before.paused.rows.map(({ key }) => key));
    const left = new Set(data.paused.rows.map(({ key }) => key));
    for (const step of data.paused.rows)
      if (!known.has(step.key)) yield `${at} waits: ${stepText(step, now)}`;
    for (const { key, requestId, execution } of before.paused.rows)
      if (!left.has(key))
        yield `${at} waits no more: ${oneLine(requestId ?? typedName(execution.executionArn))}`;
  }
}

/** `top -o json`: the lists as they are. */
export const deskDocument = ({ executions, paused, jobs, machines }: DeskData) => ({
  executions: executions.rows.map(executionListDocument),
  more: executions.more ?? false,
  pending: paused.rows.map(({ requestId = null, stateName, execution, since, asked }) => ({
    requestId,
    stateName,
    executionArn: execution.executionArn,
    since: new Date(since).toISOString(),
    asked: asked ?? null,
  })),
  jobs: jobs.rows.map(({ startedAt, ...job }) => ({ ...job, startDate: new Date(startedAt).toISOString() })),
  machines: machines.rows.map(({ lastFailureAt, ...machine }) => ({
    ...machine,
    lastFailureAt: lastFailureAt === undefined ? null : new Date(lastFailureAt).toISOString(),
  })),
});
