import type { AuditLine } from '../../ports/audit-log.js';
import { typedNames } from '../../workflow/names/typed-name.js';
import { type TableLook, tableLines } from '../text/table.js';
import { timeHead, timeText } from '../text/time.js';

/** One answer: its latest line. `sending` means that nobody saw how it ended. */
export const auditDocument = ({ run: _, ...line }: AuditLine) => line;

/** What both a line of the local file and an entry of a target's trail have. */
type Shown = Pick<AuditLine, 'time' | 'verb' | 'target' | 'caller'> & {
  outcome: string;
  executionArn?: string;
  functionName?: string;
  stateMachineArn?: string;
  stateName?: string;
  requestId?: string;
};

export function auditLines(answers: Shown[], look: TableLook): string[] {
  if (answers.length === 0) return [];
  const typed = typedNames(answers.flatMap(({ executionArn }) => executionArn ?? []));
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
    answers.map(({ time, verb, requestId, outcome, target, stateName = '', caller, ...on }) => [
      timeText(new Date(time), look),
      verb,
      requestId ?? '—',
      outcome === 'sending' ? 'unknown' : outcome,
      target,
      stateName,
      caller.split(':').at(-1) ?? caller,
      on.executionArn === undefined
        ? ((on.functionName ?? on.stateMachineArn)?.split(':').at(-1) ?? '')
        : typed(on.executionArn),
    ]),
    look,
  );
}
