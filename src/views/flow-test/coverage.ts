import type { MachineCoverage } from '../../operations/flow-test/run-flow-tests.js';
import { coverageKinds, percentOf, shareOf } from '../../workflow/flow-test/coverage.js';
import type { Overlay } from '../graph/overlay.js';
import { paint as inks } from '../text/paint.js';
import { type TableLook, tableLines } from '../text/table.js';
import { floor, pluralOf } from './results.js';

/** A row for each machine: how much is taken of what there is, and below it what is not. */
export function coverageLines(
  machines: readonly MachineCoverage[],
  look: TableLook & { color: boolean },
): string[] {
  const paint = inks(look.color);
  const rows = machines.map(({ name, all }) => [
    name,
    `${floor(percentOf(shareOf(all)))}%`,
    ...coverageKinds.map((kind) => {
      const { taken, total } = shareOf(all, kind);
      return total === 0 ? '—' : `${taken}/${total}`;
    }),
  ]);
  const table = tableLines(
    [
      { head: 'MACHINE' },
      { head: 'COVERED' },
      { head: 'STATES', drop: 1 },
      ...(['transition', 'rule', 'retry', 'catch'] as const).map((kind, index) => ({
        head: pluralOf[kind].toUpperCase(),
        drop: 5 - index,
      })),
    ],
    rows,
    look,
  );
  const missing = machines.flatMap(({ name, all }) => {
    const open = all.filter(({ taken }) => !taken);
    return open.length === 0
      ? []
      : [
          '',
          `Not taken in ${name}:`,
          ...open.map(({ kind, text }) => `  ${paint.yellow(kind.padEnd(10))}  ${text}`),
        ];
  });
  return [...table, ...missing];
}

/** Taken: succeeded; entered, but something of it is not taken: caught; never entered: failed. */
export function coverageOverlay({ all, cases }: MachineCoverage): Overlay {
  const overlay: Overlay = new Map();
  for (const one of all) {
    if (one.kind !== 'state') continue;
    const own = all.filter(({ stateName }) => stateName === one.stateName);
    const open = own.filter(({ taken }) => !taken);
    const entered = cases.get(one.stateName) ?? 0;
    const note = [
      `${entered} ${entered === 1 ? 'case' : 'cases'}`,
      ...(one.taken && open.length > 0 ? [`${open.length} not taken`] : []),
    ].join('  ');
    overlay.set(one.stateName, {
      look: !one.taken ? 'failed' : open.length > 0 ? 'caught' : 'succeeded',
      note,
    });
  }
  return overlay;
}
