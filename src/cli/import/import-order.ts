import { exitCodes, FlowError } from '../../errors.js';
import type { ImportOrder } from '../../operations/import/plan-import.js';
import type { FormerOrder } from '../../operations/import/retry-import.js';
import type { ObjectEncryption } from '../../ports/aws.js';
import type { Target } from '../shell/target.js';
import type { ImportOptions } from './import.js';

type OrderOptions = Pick<
  ImportOptions,
  'table' | 'tenant' | 'bucket' | 'key' | 'sourceId' | 'via' | 'attributes' | 'again' | 'sse' | 'sseKmsKeyId'
>;

/** What the flags and the target say of every file; of a retry what the former import was ordered as, too. */
export async function orderFor(
  target: Target,
  options: OrderOptions,
  former?: FormerOrder,
): Promise<ImportOrder> {
  return {
    stateMachineArn: former?.stateMachineArn ?? (await target.machineArn('import-csv')),
    table: former?.table ?? options.table,
    tenant: options.tenant ?? target.tenant ?? former?.tenant,
    bucket: await target.uploadBucket(options.bucket ?? former?.bucket),
    key: options.key,
    encryption: encryptionOf(target, options),
    sourceId: options.sourceId,
    via: options.via,
    jobTable: () => target.tableName('import_tmp'),
    attributes: { ...former?.attributes, ...Object.fromEntries(options.attributes ?? []) },
    again: options.again ?? false,
    retries: former?.retries,
  };
}

export function encryptionOf(
  target: Pick<Target, 'sse' | 'sseKmsKeyId'>,
  { sse, sseKmsKeyId }: Pick<ImportOptions, 'sse' | 'sseKmsKeyId'>,
): ObjectEncryption | undefined {
  const kmsKeyId = sseKmsKeyId ?? target.sseKmsKeyId;
  const algorithm = sse ?? target.sse ?? (kmsKeyId === undefined ? undefined : 'aws:kms');
  if (algorithm === undefined) return undefined;
  if (algorithm === 'aws:kms') return { algorithm, ...(kmsKeyId !== undefined && { kmsKeyId }) };
  if (sseKmsKeyId === undefined) return { algorithm };
  throw new FlowError(exitCodes.usage, 'BadUsage', 'AES256 uses a key that S3 manages', {
    where: '--sse-kms-key-id',
    hint: '--sse aws:kms',
  });
}
