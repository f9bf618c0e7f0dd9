import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import { parsePrecise } from './precise.js';

/** An event as AWS recorded it, with JSON strings inside parsed. */
export interface RecordedEvent {
  id: number;
  previousEventId: number;
  type: string;
  [details: string]: Json;
}

export interface RecordedExecution {
  id: string;
  test: string;
  /** As `17-03-2024, 11:09:25`. */
  recordedDate: string;
  definitions: string[];
  inputs: string[];
  type: 'STANDARD' | 'EXPRESS';
  lambdaHandlers: string[];
  s3Objects: { Bucket: string; Key: string; Body: string }[];
  /** How the recorded machine logged. */
  log: { log_level?: string; include_execution_data?: boolean | null }[];
  awsValidated: boolean;
  /** What was asked of AWS, by the name that the recorded test gave it. */
  recorded: Record<string, Json>;
}

/** The records of one file of the material; none where the folder lacks it. */
export function recordsOf<T>(folder: string, file: string): T[] {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => parsePrecise(line) as T);
}

/** Of a run for one case alone: whether this is it. */
export const isWanted = ({ id }: { id: string }): boolean => {
  const { MBC_FLOW_CONFORMANCE_ID: wanted = id } = process.env;
  return wanted === id;
};

/** The histories that GetExecutionHistory answered, oldest event first, however the test named them. */
export function recordedHistories({ recorded }: RecordedExecution): RecordedEvent[][] {
  return Object.values(recorded).flatMap((answer) => {
    const events = isObject(answer) ? answer.events : undefined;
    if (!Array.isArray(events)) return [];
    const history = events as unknown as RecordedEvent[];
    return [history[0]?.type === 'ExecutionStarted' ? history : history.toReversed()];
  });
}

/** The details object of an event, under whichever key. */
export function detailsOf(event: { type: string }): JsonObject {
  const entries: [string, unknown][] = Object.entries(event);
  const found = entries.find(([key]) => key.endsWith('EventDetails'))?.[1] as Json | undefined;
  return isObject(found) ? found : {};
}

/** Services that a local server answers for itself; the rest needs a real one beside it. */
const OWN = new Set(['lambda', 'states', 's3', 'aws-sdk:lambda', 'aws-sdk:sfn', 'aws-sdk:s3']);

/** The first service named by a `Resource` of the definition that is none of our own. */
export function foreignService(node: Json): string | undefined {
  if (Array.isArray(node)) return node.map(foreignService).find((service) => service !== undefined);
  if (!isObject(node)) return undefined;
  const resource = typeof node.Resource === 'string' ? node.Resource : '';
  const service = /^arn:[^:]*:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:]+):/.exec(resource)?.[1];
  if (service && service !== 'activity' && !OWN.has(service)) return service;
  return foreignService(Object.values(node));
}
