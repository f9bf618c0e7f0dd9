import type { ListedExecution } from '../../operations/execution/list-executions.js';
import { typedNames } from '../../workflow/names/typed-name.js';
import { formatDuration } from '../text/duration.js';
import { colors, paint } from '../text/paint.js';
import { statusLook } from '../text/status-look.js';
import { type TableLook, tableLines } from '../text/table.js';
import { timeHead, timeText } from '../text/time.js';

export const machineName = ({ stateMachineArn }: ListedExecution): string =>
  stateMachineArn.split(':')[6] ?? stateMachineArn;

/** One entry of `list -o json`. */
export const executionListDocument = (execution: ListedExecution) => ({
  executionArn: execution.executionArn,
  stateMachineName: machineName(execution),
  name: execution.name,
  status: execution.status,
  startDate: execution.startDate.toISOString(),
  stopDate: execution.stopDate?.toISOString() ?? null,
  ...(execution.requestId !== undefined && { requestId: execution.requestId }),
  ...(execution.failure && {
    failure: {
      stateName: execution.failure.stateName ?? null,
      error: execution.failure.error ?? null,
      message: execution.failure.message,
    },
  }),
});

export function executionLines(
  executions: ListedExecution[],
  now: number,
  look: TableLook & { color: boolean },
  seen: readonly string[] = executions.map(({ executionArn }) => executionArn),
): string[] {
  if (executions.length === 0) return [];
  const ink = paint(look.color);
  const typed = typedNames(seen);
  const explained = executions.some(({ failure }) => failure);
  return tableLines(
    [
      {
        head: 'STATUS',
        paint: (status) => ink[colors[statusLook[status] ?? 'plain']](status),
      },
      {
        head: timeHead(
          'STARTED',
          executions.map(({ startDate }) => startDate),
          look,
        ),
        drop: 3,
      },
      { head: 'TOOK', drop: 1 },
      { head: 'MACHINE', drop: 2 },
      { head: 'NAME', key: true },
      ...(explained ? [{ head: 'WHY', flexible: true }] : []),
    ],
    executions.map((execution) => [
      execution.status,
      timeText(execution.startDate, look),
      formatDuration((execution.stopDate?.getTime() ?? now) - execution.startDate.getTime()),
      machineName(execution),
      typed(execution.executionArn),
      ...(explained ? [reasonOf(execution)] : []),
    ]),
    look,
  );
}

const reasonOf = ({ failure }: ListedExecution): string =>
  failure ? [failure.stateName, failure.message].filter(Boolean).join(': ') : '';
