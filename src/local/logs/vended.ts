import type Database from 'libsql';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import type { LogStore } from './log-store.js';
import { groupOfArn } from './request.js';

/** Writes the events of one execution to the log group of its machine, along with the step that made them. */
export type EventLog = (db: Database.Database, events: HistoryEvent[]) => void;

export interface LoggedExecution {
  arn: string;
  /** `SM`, or `SM/label` for the children of a map run. */
  machine_name: string;
  redrive_count?: number;
}

/** @param configuration `loggingConfiguration` of the machine, as the API takes it. */
export function createEventLog(
  logs: LogStore,
  configuration: JsonObject,
  execution: LoggedExecution,
): EventLog {
  const { level, includeExecutionData, destinations } = configuration;
  const group = groupOfDestinations(destinations);
  if (group === undefined || typeof level !== 'string' || level === 'OFF') return () => {};
  const machine = execution.machine_name.replace(/\/.*/, '');
  return (db, events) => {
    const logged = events.filter(({ type }) => isLogged(type, level));
    if (logged.length === 0) return;
    // AWS writes this once, to see that it may.
    logs.appendOnce(db, group, proofStream, { timestamp: logged[0]?.timestamp ?? 0, message: proofMessage });
    const lines = logged.map((event) => ({
      timestamp: event.timestamp,
      message: vendedLine(event, execution, includeExecutionData === true),
    }));
    logs.append(group, streamName(machine, logged[0]?.timestamp ?? 0), lines);
  };
}

/** Name of the log group that a `loggingConfiguration` names. */
export function groupOfDestinations(destinations: Json | undefined): string | undefined {
  const [first] = Array.isArray(destinations) ? destinations : [];
  const group = isObject(first) ? first.cloudWatchLogsLogGroup : undefined;
  const arn = isObject(group) ? group.logGroupArn : undefined;
  return typeof arn === 'string' ? groupOfArn(arn) : undefined;
}

/** Which events a level lets through. */
export function isLogged(type: string, level: string): boolean {
  if (level === 'ALL') return true;
  if (/^Execution(Aborted|Failed|TimedOut)$/.test(type)) return true;
  return level === 'ERROR' && /(Aborted|Failed|TimedOut)$|^FailStateEntered$/.test(type);
}

const proofStream = 'log_stream_created_by_aws_to_validate_log_delivery_subscriptions';
const proofMessage =
  'Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription.';

const HOUR = 3_600_000;
/** The hour of the last event, as streams are named by it: most of the next ones fall into it. */
let lastHour = { number: -1, name: '' };

/** One stream an hour for all executions of a machine. */
function streamName(machine: string, timestamp: number): string {
  const number = Math.floor(timestamp / HOUR);
  if (number !== lastHour.number)
    lastHour = { number, name: new Date(number * HOUR).toISOString().slice(0, 13).replace('T', '-') };
  return `states/${machine}/${lastHour.name}/00000000`;
}

const executionData = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'parameters',
  'assignedVariables',
  'assignedVariablesDetails',
]);

/** The line that AWS writes for a history event: all numbers are texts. */
export function vendedLine(event: HistoryEvent, execution: LoggedExecution, withData: boolean): string {
  const key = detailsKey(event);
  const details = (key === undefined ? {} : event[key]) as Record<string, unknown>;
  return JSON.stringify({
    id: String(event.id),
    type: event.type,
    details: withData ? cut(texts(details) as Record<string, unknown>) : withoutData(details),
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestamp),
    execution_arn: execution.arn,
    redrive_count: String(execution.redrive_count ?? 0),
  });
}

function detailsKey(event: HistoryEvent): string | undefined {
  for (const name in event) if (name.endsWith('EventDetails')) return name;
  return undefined;
}

function withoutData(details: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in details) if (!executionData.has(name)) kept[name] = texts(details[name]);
  return kept;
}

function texts(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, texts(member)]));
}

/** Characters of a field; what is longer AWS cuts. */
const longestField = 248 * 1024;

function cut(details: Record<string, unknown>): Record<string, unknown> {
  const long = Object.entries(details).filter(
    ([, value]) => typeof value === 'string' && value.length > longestField,
  );
  const shortened = long.flatMap(([name, value]) => [
    [name, String(value).slice(0, longestField)],
    ...(`${name}Details` in details ? [[`${name}Details`, { truncated: true }]] : []),
  ]);
  return long.length === 0 ? details : { ...details, ...Object.fromEntries(shortened) };
}
