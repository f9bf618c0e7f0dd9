import type { AuditEntry, AuditTrail } from '../../ports/audit-trail.js';

/** The newest changes that a target's audit trail has. */
export async function latestChanges(
  trail: AuditTrail,
  { requestId, since, limit }: { requestId?: string; since?: number; limit: number },
): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  if (limit < 1) return found;
  for await (const entry of trail.newest(since)) {
    if (requestId === undefined || entry.requestId === requestId) found.push(entry);
    if (found.length >= limit) break;
  }
  return found;
}
