import { createHash } from 'node:crypto';
import type { Json } from '../json/json.js';

/** One step of an answer's life, as the local audit file keeps it. It never holds a token, nor the answer itself. */
export interface AuditLine {
  /** The same for all lines of one answer. */
  id: string;
  /** ISO 8601. */
  time: string;
  target: string;
  /** ARN of the caller. */
  caller: string;
  verb: string;
  /** `states:SendTaskSuccess`; lines of earlier versions lack it. */
  action: string;
  executionArn: string;
  stateName: string;
  /** Id of the event that scheduled the step. */
  scheduledId: number;
  requestId?: string;
  /** SHA-256 of what was sent. */
  answer: string;
  /** `sending` comes before the call: without a line after it, nobody saw how it ended. */
  outcome: 'sending' | 'proven' | 'sent' | 'conflict' | 'failed';
  /** Answers of one command over many belong together: a command that was broken off goes on from here. */
  run?: string;
}

/** Append-only. */
export interface AuditLog {
  append(line: AuditLine): Promise<void>;
  /** Oldest first; lines that are damaged are left out. */
  read(): AsyncIterable<AuditLine>;
}

/** Of what was sent, whatever the order of its keys. */
export const answerHash = (answer: Json): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(answer)))
    .digest('hex');

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}
