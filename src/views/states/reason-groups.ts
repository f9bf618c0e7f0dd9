import type { ReasonGroup } from '../../workflow/failure/reason-groups.js';
import { type TableLook, tableLines } from '../text/table.js';
import { count } from './map-progress.js';

const kinds = { transient: 'transient', data: 'data', unknown: '' };

const mostGroups = 20;

/** One entry of `failureGroups` in JSON. */
export const reasonGroupDocument = <T>(
  { reason, kind, count: number, examples }: ReasonGroup<T>,
  of: (example: T) => unknown,
) => ({ reason, kind, count: number, examples: examples.map(of) });

/** A row a reason. `head`, `of`: what its examples are called, and each of them. */
export function reasonGroupLines<T>(
  groups: readonly ReasonGroup<T>[],
  { head, of }: { head: string; of: (example: T) => string },
  look: TableLook,
): string[] {
  const some = groups.some(({ kind }) => kind !== 'unknown');
  const lines = tableLines(
    [
      { head: 'COUNT' },
      { head, drop: 2 },
      ...(some ? [{ head: 'KIND', drop: 1 }] : []),
      { head: 'REASON', flexible: true },
    ],
    groups
      .slice(0, mostGroups)
      .map(({ count: number, examples, kind, reason }) => [
        count(number),
        examples.map(of).join(', ') + (number > examples.length ? ', …' : ''),
        ...(some ? [kinds[kind]] : []),
        reason,
      ]),
    look,
  );
  const more = groups.length - mostGroups;
  return more > 0 ? [...lines, `… and ${count(more)} more reasons`] : lines;
}

/** Many things failed, for few reasons. */
export const worthGrouping = (failures: number, groups: number): boolean =>
  failures > mostGroups && groups <= failures / 2;
