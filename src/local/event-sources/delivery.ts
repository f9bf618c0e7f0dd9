import { setTimeout as sleep } from 'node:timers/promises';
import type { FilterPattern } from '../../events/filter-pattern.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { parseJson } from '../../json/parse.mjs';
import type { InvokeResult } from '../ports.js';
import type { Checkpoints } from './checkpoints.js';

/** What the pollers have in common. */
export interface Delivering {
  invoke(functionName: string, payload: string, signal: AbortSignal): Promise<InvokeResult>;
  checkpoints: Checkpoints;
  log: (line: string) => void;
  /** Everything ends with it. */
  signal: AbortSignal;
}

/** A stream or a queue that was found, and who gets its records. */
export interface Found {
  kind: 'stream' | 'queue';
  arn: string;
  functionName: string;
  filters: FilterPattern[];
  batchSize: number;
}

/** @returns records that did not succeed, by their identifiers, and why; all of them where the function failed */
export async function deliver(
  { invoke, signal }: Pick<Delivering, 'invoke' | 'signal'>,
  functionName: string,
  records: { identifier: string; record: JsonObject }[],
): Promise<{ failed: string[]; why?: string }> {
  const event = { Records: records.map(({ record }) => record) };
  const { serviceError, functionError, payload } = await invoke(functionName, JSON.stringify(event), signal);
  const all = records.map(({ identifier }) => identifier);
  if (serviceError) return { failed: all, why: `${serviceError.code}: ${serviceError.message}` };
  const response = parsed(payload);
  if (functionError !== undefined) return { failed: all, why: failureText(response) };
  const failures = isObject(response) ? response.batchItemFailures : undefined;
  if (!Array.isArray(failures) || failures.length === 0) return { failed: [] };
  const named = failures.map((failure) => (isObject(failure) ? String(failure.itemIdentifier) : ''));
  // As Lambda has it: an identifier that nobody knows fails the whole batch.
  const failed = named.every((identifier) => all.includes(identifier)) ? named : all;
  return { failed, why: 'reported in batchItemFailures' };
}

function failureText(response: Json): string {
  const { errorType = 'Error', errorMessage = '' } = isObject(response) ? response : {};
  return `${errorType}: ${errorMessage}`;
}

function parsed(text: string): Json {
  try {
    return parseJson(text) as Json;
  } catch {
    return null;
  }
}

/** False when the wait was cut short because all ends. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 60_000;

/** Milliseconds before the next try, after so many. */
export const backoff = (attempts: number): number =>
  Math.min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY);
