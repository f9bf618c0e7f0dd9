import type { Json, JsonObject } from '../../src/json/json.js';
import { material } from '../shared.js';

/** A call to AWS that a function made while it was recorded. */
export interface RecordedCall {
  service: string;
  operation: string;
  input: JsonObject;
  /** AWS refused it. */
  status?: number;
}

/** What a function of the real application was sent, and what it did about it. */
export interface Invocation {
  /** `stepfunctions:<machine>:<state>`, `stream:<table>`, `queue:<queue>:<action>` */
  source: string;
  event: JsonObject;
  response?: Json;
  error?: JsonObject;
  printed: { from: string; text: string }[];
  calls: RecordedCall[];
  durationMs: number;
}

export interface Recording {
  /** `local-shop-` */
  tablePrefix: string;
  nodeEnv: string;
  invocations: Invocation[];
  /** Text of the objects of S3 at the end, by their keys. */
  objects: Map<string, string>;
  /** Rows that were written from outside. */
  puts: { table: string; item: JsonObject }[];
}

/** A scenario of `../shared/material/framework-run`. */
export function recordingOf(scenario: string): Recording {
  const recording: Recording = {
    tablePrefix: '',
    nodeEnv: '',
    invocations: [],
    objects: new Map(),
    puts: [],
  };
  for (const line of material.text(`framework-run/${scenario}.jsonl`).trim().split('\n')) {
    const record = JSON.parse(line);
    if (record.kind === 'setup') {
      recording.tablePrefix = record.tablePrefix;
      recording.nodeEnv = record.nodeEnv;
    } else if (record.kind === 'invocation' && record.event && record.calls) {
      recording.invocations.push({ printed: [], ...record });
    } else if (record.kind === 'objects') {
      for (const { key, text } of record.objects) recording.objects.set(key, text);
    } else if (record.kind === 'put') recording.puts.push(record);
  }
  return recording;
}

/** Where an event comes from, in the words of the recordings. */
export function sourceOf(event: JsonObject): string {
  const { context, Records } = event as {
    context?: { StateMachine: { Name: string }; State: { Name: string } };
    Records?: { eventSourceARN: string; body?: string }[];
  };
  if (context) return `stepfunctions:${context.StateMachine.Name}:${context.State.Name}`;
  const { eventSourceARN = '', body } = Records?.[0] ?? {};
  if (body === undefined) return `stream:${/table\/([^/]+)/.exec(eventSourceARN)?.[1]}`;
  return `queue:${eventSourceARN.split(':').at(-1)}:${JSON.parse(body).action}`;
}
