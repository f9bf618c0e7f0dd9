import type { AuditLine, AuditLog } from '../../ports/audit-log.js';

/** The answers that were given from this machine, the newest first, each with its latest outcome. */
export async function latestAnswers(
  audit: AuditLog,
  {
    requestId,
    since = Number.NEGATIVE_INFINITY,
    limit,
  }: { requestId?: string; since?: number; limit: number },
): Promise<AuditLine[]> {
  // The last line of an answer says how it ended; its place is where it was sent.
  const answers = new Map<string, AuditLine>();
  for await (const line of audit.read()) {
    if (requestId !== undefined && line.requestId !== requestId) continue;
    if (Date.parse(line.time) >= since) answers.set(line.id, line);
  }
  return [...answers.values()].slice(-limit).reverse();
}
