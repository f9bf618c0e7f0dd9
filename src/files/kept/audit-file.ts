import { createReadStream } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditLine, AuditLog } from '../../ports/audit-log.js';
import type { AuditEntry } from '../../ports/audit-trail.js';
import { faultWords, unwritable } from '../system-errors.js';

/** The audit file in the user's state directory: a line of JSON for each step of an answer, only ever appended to. */
export function auditFile(stateDir: string): AuditLog & { file: string } {
  const folder = join(stateDir, 'mbc-flow');
  const file = join(folder, 'audit.jsonl');
  return {
    file,
    async append(line) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        // One write of less than a page: lines of several commands at once do not mix.
        await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      } catch (error) {
        throw unwritable(file, faultWords(error), error);
      }
    },
    async *read() {
      const stream = createReadStream(file, 'utf8');
      try {
        for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
          const line = parsed(text);
          if (line) yield line;
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      } finally {
        stream.destroy();
      }
    },
  };
}

/** Entries that a target's audit trail did not take: kept in a file beside the audit file, whose path is returned. */
export const auditTrailLeft =
  (stateDir: string) =>
  async (entry: AuditEntry): Promise<string> => {
    const file = join(stateDir, 'mbc-flow', 'audit-unwritten.jsonl');
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      return file;
    } catch {
      // The last place where it can be seen.
      return `no file: ${JSON.stringify(entry)}`;
    }
  };

/** A line that a kill cut short is none. */
function parsed(text: string): AuditLine | undefined {
  try {
    const line = JSON.parse(text) as AuditLine;
    return typeof line.id === 'string' && typeof line.outcome === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}
