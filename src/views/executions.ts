import type { ExecutionSummary } from '../aws/gateways.js';
import { formatDuration } from './duration.js';
import { colors, paint, statusLook } from './paint.js';
import { type TableLook, tableLines } from './table.js';

const machineName = ({ stateMachineArn }: ExecutionSummary): string =>
  stateMachineArn.split(':')[6] ?? stateMachineArn;

/** One entry of `list -o json`. */
export const executionListDocument = (execution: ExecutionSummary) => ({
  executionArn: execution.executionArn,
  stateMachineName: machineName(execution),
  name: execution.name,
  status: execution.status,
  startDate: execution.startDate.toISOString(),
  stopDate: execution.stopDate?.toISOString() ?? null,
});

export function executionLines(
  executions: ExecutionSummary[],
  now: number,
  look: TableLook & { color: boolean },
): string[] {
  if (executions.length === 0) return [];
  const ink = paint(look.color);
  return tableLines(
    [
      {
        head: 'STATUS',
        paint: (status) => ink[colors[statusLook[status] ?? 'plain']](status),
      },
      { head: 'STARTED' },
      { head: 'TOOK' },
      { head: 'MACHINE', flexible: true },
      { head: 'NAME', flexible: true },
    ],
    executions.map((execution) => [
      execution.status,
      localTime(execution.startDate),
      formatDuration((execution.stopDate?.getTime() ?? now) - execution.startDate.getTime()),
      machineName(execution),
      execution.name,
    ]),
    look,
  );
}

/** `2026-01-31 09:05:00` in the reader's time zone. */
function localTime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
