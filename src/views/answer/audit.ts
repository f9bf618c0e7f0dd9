import type { AuditLine } from '../../ports/audit-log.js';
import { typedNames } from '../../workflow/names/typed-name.js';
import { type TableLook, tableLines } from '../text/table.js';
import { timeHead, timeText } from '../text/time.js';

/** One answer: its latest line. `sending` means that nobody saw how it ended. */
export const auditDocument = ({ run: _, ...line }: AuditLine) => line;

export function auditLines(answers: AuditLine[], look: TableLook): string[] {
  if (answers.length === 0) return [];
  const typed = typedNames(answers.map(({ executionArn }) => executionArn));
  return tableLines(
    [
      {
        head: timeHead(
          'TIME',
          answers.map(({ time }) => new Date(time)),
          look,
        ),
        drop: 5,
      },
      { head: 'DID' },
      { head: 'REQUEST', key: true },
      { head: 'OUTCOME' },
      { head: 'TARGET', drop: 2 },
      { head: 'STATE', drop: 3 },
      { head: 'BY', flexible: true, drop: 1 },
      { head: 'EXECUTION', drop: answers.every(({ requestId }) => requestId !== undefined) ? 4 : undefined },
    ],
    answers.map(({ time, verb, requestId, outcome, target, stateName, caller, executionArn }) => [
      timeText(new Date(time), look),
      verb,
      requestId ?? '—',
      outcome === 'sending' ? 'unknown' : outcome,
      target,
      stateName,
      caller.split(':').at(-1) ?? caller,
      typed(executionArn),
    ]),
    look,
  );
}
