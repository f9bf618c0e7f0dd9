import type { Json } from '../../json/json.js';
import { type AuditLine, answerHash } from '../../ports/audit-log.js';
import { digestOf } from '../../workflow/names/digest-of.js';
import type { Answering } from './answer-context.js';
import { outcomeOf } from './send-answer.js';

/** A run that was left so long ago is over. */
const LONGEST_PAUSE = 24 * 60 * 60 * 1000;

/** Names a command over many: the same line again is the same run. */
export const runId = (...parts: unknown[]): string => digestOf(parts).slice(0, 24);

/**
 * What a run that was broken off has answered already, by request id, from the audit file. An answer that was on its way
 * when it was broken off is looked up in its execution's history. Empty when the run came to its end for all: the same
 * line then is a new one.
 */
export async function answeredInRun(
  run: string,
  requestIds: string[],
  answering: Answering,
): Promise<Map<string, AuditLine>> {
  const { audit, clock } = answering;
  const latest = new Map<string, AuditLine>();
  for await (const line of audit.read()) {
    if (line.run !== run || line.requestId === undefined) continue;
    if (clock.now() - Date.parse(line.time) > LONGEST_PAUSE) continue;
    latest.set(line.requestId, line);
  }
  const answered = new Map<string, AuditLine>();
  for (const [requestId, line] of latest) {
    if (await wasAnswered(line, answering)) answered.set(requestId, line);
  }
  return requestIds.every((id) => answered.has(id)) ? new Map() : answered;
}

async function wasAnswered(line: AuditLine, { states }: Answering): Promise<boolean> {
  if (line.outcome === 'proven' || line.outcome === 'sent') return true;
  if (line.outcome !== 'sending') return false;
  const { how, output, error, cause } = await outcomeOf(states, line.executionArn, line.scheduledId);
  const given: Json | undefined =
    how === 'succeeded'
      ? (JSON.parse(output ?? 'null') as Json)
      : how === 'failed'
        ? { type: 'failure', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
        : undefined;
  return given !== undefined && answerHash(given) === line.answer;
}
