import type { AuditLine } from '../../ports/audit-log.js';
import { type TableLook, tableLines } from '../text/table.js';

/** One answer: its latest line. `sending` means that nobody saw how it ended. */
export const auditDocument = ({ run: _, ...line }: AuditLine) => line;

export function auditLines(answers: AuditLine[], look: TableLook): string[] {
  if (answers.length === 0) return [];
  return tableLines(
    [
      { head: 'TIME' },
      { head: 'DID' },
      { head: 'REQUEST', flexible: true },
      { head: 'OUTCOME' },
      { head: 'TARGET' },
      { head: 'STATE', flexible: true },
      { head: 'BY', flexible: true },
      { head: 'EXECUTION', flexible: true },
    ],
    answers.map(({ time, verb, requestId, outcome, target, stateName, caller, executionArn }) => [
      time,
      verb,
      requestId ?? '—',
      outcome === 'sending' ? 'unknown' : outcome,
      target,
      stateName,
      caller.split(':').at(-1) ?? caller,
      executionArn.split(':').slice(6).join(':'),
    ]),
    look,
  );
}
