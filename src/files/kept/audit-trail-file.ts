import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exitCodes, FlowError } from '../../errors.js';
import { type AuditTrail, entryIn } from '../../ports/audit-trail.js';
import { folderFaultWords } from '../system-errors.js';

/** An audit trail in a file: a line of JSON for each change. */
export const auditTrailFile = (file: string): AuditTrail => ({
  place: file,
  async check() {
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await (await open(file, 'a', 0o600)).close();
    } catch (error) {
      throw notWritable(file, error as NodeJS.ErrnoException);
    }
  },
  async append(entry) {
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      // One write of less than a page: lines of several commands at once do not mix.
      await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true });
    } catch (error) {
      throw notWritable(file, error as NodeJS.ErrnoException);
    }
  },
  async *newest(since = Number.NEGATIVE_INFINITY) {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    for (const line of text.split('\n').reverse()) {
      const entry = entryIn(line);
      if (entry && Date.parse(entry.time) >= since) yield entry;
    }
  },
});

function notWritable(file: string, error: NodeJS.ErrnoException): FlowError {
  const denied = /^(EACCES|EPERM|EROFS)$/.test(error.code ?? '');
  return new FlowError(
    denied ? exitCodes.denied : exitCodes.usage,
    'AuditNotWritable',
    `the audit file cannot be written: ${folderFaultWords(error)}`,
    { where: file, cause: error },
  );
}
