import type { CsvCheckOptions } from '../../csv/check.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { ImportMachine } from '../../framework/import/machine.js';
import type { Gateways, ObjectGateway } from '../../ports/aws.js';
import type { FileSource } from '../../ports/file-source.js';
import { accountRows } from './account-rows.js';
import { type CheckedFile, checkFile } from './check-file.js';
import { formerImport } from './former-import.js';
import { contentIdOf, type ImportOrder } from './plan-import.js';
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
  const former = await formerImport(gateways, executionArn);
  if (former.status === 'RUNNING') {
    throw new FlowError(exitCodes.conflict, 'StillRunning', 'this import is still running', {
      where: executionArn,
      hint: `mbc-flow watch ${executionArn}`,
    });
  }
  const { machine, mapRun, stateMachineArn, asUploaded } = former;
  // A retry has a job of its own, and answers nobody's token.
  const {
    bucket,
    key,
    tableName,
    tenantCode,
    sourceId: jobId,
    taskToken,
    processingMode,
    ...attributes
  } = former.input;
  const file = original ? await checkFile(original, options) : await former.file();
  if (original) await refuseOther(gateways.objects, file, machine, bucket, key);
  const { counts, failures } = await accountRows(gateways, { file, machine, executionArn, mapRun });
  if (failures.length === 0) return undefined;
  const lost = failures.reduce((sum, failure) => sum + ('line' in failure ? 0 : lostRows(failure)), 0);
  if (lost === counts.failed) {
    throw new FlowError(exitCodes.usage, 'RowsNotKnown', `${lost} rows failed, but it is not known which`, {
      where: executionArn,
      hint: 'import the whole file again with --again',
    });
  }
  const failed = failedRowsSource(file, machine.reader, failures);
  return {
    file: await checkFile(failed, original ? options : asUploaded),
    unknown: counts.unknown + lost,
    former: {
      stateMachineArn,
      bucket,
      table: tableName,
      tenant: tenantCode,
      attributes,
      retries: { startDate: former.startDate, jobId },
    },
  };
}

/** Failed rows whose place in the file nothing tells. */
const lostRows = ({ firstLine, failed }: { firstLine?: number; failed: number }): number =>
  firstLine === undefined ? failed : 0;

async function refuseOther(
  objects: ObjectGateway,
  file: CheckedFile,
  machine: ImportMachine,
  bucket: string,
  key: string,
): Promise<void> {
  const head = await objects.head(bucket, key);
  const uploaded = head?.metadata['mbc-flow-content'];
  if (uploaded === undefined || uploaded === contentIdOf(file, machine)) return;
  throw new FlowError(exitCodes.usage, 'OtherFile', 'this is not the file that the execution imported', {
    where: file.source.path,
    hint: 'omit the file to use the uploaded object',
  });
}
