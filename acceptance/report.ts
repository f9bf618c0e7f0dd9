import type { Result } from './differ.js';
import type { Made, Place } from './journal.js';

export interface Report extends Place {
  run: string;
  results: Result[];
  /** Operations that the endpoint does not have. */
  missing: ReadonlySet<string>;
  removed: Made[];
  left: (Made & { why: string })[];
}

export function tableOf(heads: string[], rows: string[][]): string[] {
  const widths = heads.map((head, index) =>
    Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  return [heads, ...rows].map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What differs first; what could not be compared is told, and is no difference. */
export function reportLines({ results, missing, removed, left }: Report): string[] {
  const of = (verdict: Result['verdict']): Result[] => results.filter((one) => one.verdict === verdict);
  const [different, leftOut] = [of('different'), of('left out')];
  const reasons = new Map(leftOut.map(({ why = '' }) => [why, leftOut.filter((one) => one.why === why)]));
  const masked = results.reduce((sum, one) => sum + one.masked, 0);
  return [
    ...(different.length > 0
      ? [
          '',
          ...tableOf(
            ['differs', 'how (expected: there; got: the embedded server)'],
            different.flatMap(({ id, why = '' }) =>
              why.split('\n').map((line, index) => [index === 0 ? id : '', shortened(line.trim())]),
            ),
          ),
        ]
      : []),
    ...(leftOut.length > 0
      ? [
          '',
          'left out',
          ...[...reasons].map(([why, ones]) => `  ${String(ones.length).padStart(3)}  ${why}: ${some(ones)}`),
        ]
      : []),
    ...(missing.size > 0 ? ['', `missing there: ${[...missing].toSorted().join(', ')}`] : []),
    '',
    `${of('same').length} alike, ${different.length} different, ${leftOut.length} left out; ${masked} values of one run compared by their shape`,
    `${removed.length} resources removed, ${left.length} left`,
    ...left.map(({ kind, name, why }) => `  left: ${kind} ${name}: ${why}`),
    ...(left.length > 0 ? ['  npm run acceptance -- … --cleanup'] : []),
  ];
}

const MOST = 5;
function some(ones: Result[]): string {
  const ids = ones.slice(0, MOST).map(({ id }) => id);
  return ids.join(', ') + (ones.length > MOST ? ', …' : '');
}

const WIDEST = 400;
const shortened = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST)}…` : text);
