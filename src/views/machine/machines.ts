import type { StateMachineSummary } from '../../ports/aws.js';
import { type TableLook, tableLines } from '../text/table.js';

/** One entry of `machines -o json`. */
export const machineDocument = ({ stateMachineArn, name, type, creationDate }: StateMachineSummary) => ({
  stateMachineArn,
  name,
  type,
  creationDate: creationDate.toISOString(),
});

export function machineLines(machines: StateMachineSummary[], look: TableLook): string[] {
  if (machines.length === 0) return [];
  return tableLines(
    [
      { head: 'NAME', key: true },
      { head: 'TYPE', drop: 2 },
      { head: 'ARN', drop: 1 },
    ],
    machines.map(({ name, type, stateMachineArn }) => [name, type, stateMachineArn]),
    look,
  );
}
