import type { CsvCheckOptions } from '../../csv/check.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { Gateways } from '../../ports/aws.js';
import type { FileSource } from '../../ports/file-source.js';
import { accountRows } from './account-rows.js';
import { type CheckedFile, checkFile } from './check-file.js';
import { endedImport, type FormerImport } from './former-import.js';
import type { ImportOrder } from './plan-import.js';
import { failedRowsSource } from './select-rows.js';

/** A former import whose failed rows are to be sent again. */
export interface Retry {
  /** The rows that failed, as a file of their own. */
  file: CheckedFile;
  /** Rows of which nothing is known. */
  unknown: number;
  former: FormerOrder;
}

/** What the former import was ordered as. */
export type FormerOrder = Pick<
  ImportOrder,
  'stateMachineArn' | 'bucket' | 'table' | 'tenant' | 'attributes' | 'retries'
>;

/**
 * Finds the rows that failed in a former import, in the object that it uploaded or (`original`) in the file itself.
 * @throws FlowError 5 while it still runs, 2 where it was no import or the file is another
 */
export async function planRetry(
  gateways: Gateways,
  executionArn: string,
  original: FileSource | undefined,
  options: CsvCheckOptions,
): Promise<Retry | undefined> {
  const former = await endedImport(gateways, executionArn);
  const { machine, mapRun, asUploaded } = former;
  const file = await former.file(original, options);
  const { counts, failures } = await accountRows(gateways, { file, machine, executionArn, mapRun });
  if (failures.length === 0) return undefined;
  const lost = failures.reduce((sum, failure) => sum + ('line' in failure ? 0 : lostRows(failure)), 0);
  if (lost === counts.failed) throw rowsNotKnown(lost, executionArn);
  const failed = failedRowsSource(file, machine.reader, failures);
  return {
    file: await checkFile(failed, original ? options : asUploaded),
    unknown: counts.unknown + lost,
    former: orderOf(former),
  };
}

/** A retry has a job of its own, and answers nobody's token. */
export function orderOf({ stateMachineArn, startDate, input }: FormerImport): FormerOrder {
  const { bucket, key, tableName: table, tenantCode: tenant, sourceId: jobId, ...rest } = input;
  const { taskToken, processingMode, ...attributes } = rest;
  return { stateMachineArn, bucket, table, tenant, attributes, retries: { startDate, jobId } };
}

const rowsNotKnown = (rows: number, executionArn: string): FlowError =>
  new FlowError(exitCodes.usage, 'RowsNotKnown', `${rows} rows failed, but it is not known which`, {
    where: executionArn,
    hint: 'import the whole file again with --again',
  });

/** Failed rows whose place in the file nothing tells. */
const lostRows = ({ firstLine, failed }: { firstLine?: number; failed: number }): number =>
  firstLine === undefined ? failed : 0;
