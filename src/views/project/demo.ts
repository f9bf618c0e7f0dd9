import { type TableLook, tableLines } from '../text/table.js';

/** Rows that are shown. */
const MOST = 10;

/** What the function has stored, where it lies, and what to try next; nothing where it stored nothing. */
export function demoLines(rows: Record<string, string>[], place: string, look: TableLook): string[] {
  const [first] = rows;
  if (!first) return [];
  const names = Object.keys(first);
  const columns = names.map((head, index) => ({ head, flexible: index === names.length - 1 }));
  const shown = rows.slice(0, MOST).map((row) => names.map((name) => row[name] ?? ''));
  return [
    '',
    `What the function stored (${place}):`,
    ...tableLines(columns, shown, look).map((line) => `  ${line}`),
    ...(rows.length > MOST ? [`  … and ${rows.length - MOST} more`] : []),
    '',
    'Now yours:',
    '  mbc-flow import your.csv    check, upload, run, and report every row that failed',
    '  mbc-flow watch @last        the execution again, state by state',
    '  mbc-flow dev                the server on its own, for any AWS SDK and the aws CLI',
  ];
}
