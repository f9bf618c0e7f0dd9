import type { ListedExecution } from '../../operations/execution/list-executions.js';
import type { FailureGroup, GroupedExecution } from '../../workflow/failure/failure-groups.js';
import { typedNames } from '../../workflow/names/typed-name.js';
import { count } from '../states/map-progress.js';
import { type TableLook, tableLines } from '../text/table.js';
import { timeHead, timeText } from '../text/time.js';
import { machineName } from './list.js';
import { iso } from './show-document.js';

export const groupedExecution = (execution: ListedExecution): GroupedExecution => ({
  executionArn: execution.executionArn,
  stateMachineName: machineName(execution),
  status: execution.status,
  startedAt: execution.startDate.getTime(),
  stateName: execution.failure?.stateName,
  error: execution.failure?.type ?? execution.failure?.error,
  message: execution.failure?.message ?? execution.status,
});

/** One entry of `list --failed --group -o json`. */
export const failureGroupDocument = (group: FailureGroup) => ({
  stateMachineName: group.stateMachineName,
  stateName: group.stateName ?? null,
  error: group.error ?? null,
  message: group.message,
  count: group.count,
  firstDate: iso(group.firstAt),
  lastDate: iso(group.lastAt),
  executionArn: group.executionArn,
});

export function failureGroupLines(
  groups: FailureGroup[],
  look: TableLook,
  seen: readonly string[] = groups.map(({ executionArn }) => executionArn),
): string[] {
  if (groups.length === 0) return [];
  const typed = typedNames(seen);
  return tableLines(
    [
      { head: 'COUNT' },
      {
        head: timeHead(
          'LAST',
          groups.map(({ lastAt }) => lastAt),
          look,
        ),
        drop: 1,
      },
      { head: 'MACHINE', drop: 3 },
      { head: 'STATE', drop: 4 },
      { head: 'ERROR', drop: 2 },
      { head: 'MESSAGE', flexible: true },
      { head: 'NEWEST', key: true },
    ],
    groups.map((group) => [
      count(group.count),
      timeText(group.lastAt, look),
      group.stateMachineName,
      group.stateName ?? '',
      group.error ?? '',
      group.message,
      typed(group.executionArn),
    ]),
    look,
  );
}
