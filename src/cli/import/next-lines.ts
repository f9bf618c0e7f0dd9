import { isPlaced } from '../../framework/import/row-ledger.js';
import type { ImportResult } from '../../operations/import/import-result.js';
import { failedRowsLine, retryHelps } from '../../views/import/import.js';
import { unbuilt } from '../../workflow/failure/advice.js';
import { shellWord } from '../../workflow/names/shell-word.js';

interface Meant {
  /** What the execution is called on a command line. */
  reference: string;
  flags: string;
  /** The machine can be given some of the rows. */
  takesSome: boolean;
  /** What imports the failed rows that were written. */
  corrected: string | undefined;
}

/** What to type after an import has ended. */
export function nextLines(
  { rows, job, until, failures, failedRowsFile }: ImportResult,
  { reference, flags, takesSome, corrected }: Meant,
): string[] {
  // What failed after it was queued comes again by itself; what was refused for its data would be refused again.
  const retry = takesSome && retryHelps(rows, failures);
  const open = until === 'queued' ? rows.queued : rows.failedLater + rows.deadLettered;
  return [
    ...(failures.some(({ reason }) => unbuilt.test(reason ?? '')) ? ['npm run build'] : []),
    ...(corrected === undefined ? [] : [corrected]),
    ...(failedRowsFile === undefined && failures.some(isPlaced) ? [failedRowsLine(reference, flags)] : []),
    ...(retry ? [`mbc-flow import --retry ${reference}${flags}`] : []),
    ...(open > 0 && job?.id !== undefined ? [`mbc-flow import show ${shellWord(job.id)}${flags}`] : []),
    `mbc-flow show ${reference}${flags}`,
  ];
}
