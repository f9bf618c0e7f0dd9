import type { CsvCheckOptions } from '../../csv/check.js';
import type { FileSource } from '../../ports/file-source.js';
import type { CheckedFile } from './check-file.js';
import { endedImport, type FormerImport } from './former-import.js';
import { type FailedRowsFile, type ImportResult, importResult } from './import-result.js';
import type { QueuedSurroundings } from './queued/follow-queued.js';
import type { Following } from './queued/rows-to-end.js';

export interface FormerResult {
  former: FormerImport;
  file: CheckedFile;
  result: ImportResult;
}

/**
 * What became of the rows of an import that has ended, looked at once more; those that failed go into a file.
 * @param original the file itself, where the object that was uploaded is gone
 * @throws FlowError as `endedImport`, and 3 where nothing has the rows any more
 */
export async function formerResult(
  executionArn: string,
  following: Following,
  around: QueuedSurroundings,
  {
    original,
    options,
    failedRowsFile,
  }: {
    original?: FileSource;
    options?: CsvCheckOptions;
    failedRowsFile?: FailedRowsFile;
  } = {},
): Promise<FormerResult> {
  const former = await endedImport(around.gateways, executionArn);
  const file = await former.file(original, options);
  const { input, startDate, stopDate = startDate, error, cause } = former;
  const ended = {
    ...former,
    file,
    failure: error === undefined ? undefined : { error, cause },
    jobId: input.sourceId,
    startedAt: startDate.getTime(),
    stoppedAt: stopDate.getTime(),
  };
  const result = await importResult(ended, following, { ...around, once: true }, failedRowsFile);
  return { former, file, result };
}
