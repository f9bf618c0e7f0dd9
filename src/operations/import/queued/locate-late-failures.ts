import { createRowReader } from '../../../csv/row-reader.js';
import type { ReaderDialect } from '../../../csv/transcode.js';
import { createRowMatcher } from '../../../framework/import/match-rows.js';
import type { RowFailure } from '../../../framework/import/row-ledger.js';
import type { CheckedFile } from '../check-file.js';
import type { LateFailure } from './follow-queued.js';

/** Finds in the file the rows that failed after they were queued: by their values, since nothing tells their lines. */
export async function locateLate(
  file: CheckedFile,
  machineReader: ReaderDialect,
  failures: LateFailure[],
): Promise<RowFailure[]> {
  if (failures.length === 0) return [];
  const matcher = createRowMatcher(failures);
  const reader = createRowReader(file.dialect, machineReader);
  for await (const chunk of file.source.read()) for (const row of reader.push(chunk)) matcher.push(row);
  for (const row of reader.end()) matcher.push(row);
  return matcher
    .end()
    .map(({ thing: { fate, reason }, line }) =>
      line === undefined ? { fate, failed: 1, reason } : { fate, line, reason },
    );
}

/** In the order of the file; those without a line last. */
export const inFileOrder = (failures: RowFailure[]): RowFailure[] =>
  failures.toSorted((a, b) => firstLineOf(a) - firstLineOf(b));

const firstLineOf = (failure: RowFailure): number =>
  'line' in failure ? failure.line : (failure.firstLine ?? Number.POSITIVE_INFINITY);
