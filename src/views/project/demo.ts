import { reaching } from '../../workflow/names/hint-target-flags.js';
import { type TableLook, tableLines } from '../text/table.js';

/** Rows that are shown. */
const MOST = 10;

/** What the function has stored, where it lies, and what to try next; nothing where it stored nothing. */
export function demoLines(
  rows: Record<string, string>[],
  place: string,
  look: TableLook & { flagsForHints: string },
): string[] {
  const [first] = rows;
  if (!first) return [];
  const names = Object.keys(first);
  const columns = names.map((head, index) => ({ head, flexible: index === names.length - 1 }));
  const shown = rows.slice(0, MOST).map((row) => names.map((name) => row[name] ?? ''));
  return [
    '',
    `What the function stored (${place}):`,
    ...tableLines(columns, shown, { ...look, columns: look.columns - 2 }).map((line) => `  ${line}`),
    ...(rows.length > MOST ? [`  … and ${rows.length - MOST} more`] : []),
    '',
    'Now yours:',
    ...typedLines([
      [`mbc-flow import your.csv${look.flagsForHints}`, 'check, upload, run, report failed rows'],
      [`mbc-flow watch @last${look.flagsForHints}`, 'the execution again, state by state'],
      [reaching('mbc-flow dev', look.flagsForHints), 'the server for any AWS SDK and the aws CLI'],
    ]),
  ];
}

function typedLines(lines: [command: string, what: string][]): string[] {
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines.map(([command, what]) => `  ${command.padEnd(width)}    ${what}`);
}
