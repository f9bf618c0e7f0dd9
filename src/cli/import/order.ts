import { exitCodes, FlowError } from '../../errors.js';
import type { ImportOrder } from '../../operations/import/plan-import.js';
import type { ObjectEncryption } from '../../ports/aws.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

export const textOf = (options: Record<string, unknown>, name: string): string | undefined =>
  typeof options[name] === 'string' ? options[name] : undefined;

export const planning = ({ clock }: Context, { gateways, journal }: Target) => ({
  gateways,
  journal,
  now: clock.now(),
});

/** What the flags and the target say of every file. */
export async function orderFor(
  target: Target,
  options: Record<string, unknown>,
  former: { stateMachineArn?: string; bucket?: string } = {},
): Promise<Omit<ImportOrder, 'table'>> {
  const stateMachineArn = former.stateMachineArn ?? (await target.machineArn('import-csv'));
  const { definition } = await target.gateways.states.describeStateMachine(stateMachineArn);
  return {
    tenant: textOf(options, 'tenant') ?? target.tenant,
    bucket: await target.uploadBucket(textOf(options, 'bucket') ?? former.bucket),
    key: textOf(options, 'key'),
    encryption: encryptionOf(target, options),
    sourceId: textOf(options, 'sourceId'),
    via: (textOf(options, 'via') ?? 'auto') as ImportOrder['via'],
    jobTable: () => target.tableName('import_tmp'),
    attributes: attributesOf(options.attributes),
    again: options.again === true,
    stateMachineArn,
    definition,
  };
}

function encryptionOf(target: Target, options: Record<string, unknown>): ObjectEncryption | undefined {
  const kmsKeyId = textOf(options, 'sseKmsKeyId') ?? target.sseKmsKeyId;
  const algorithm = textOf(options, 'sse') ?? target.sse ?? (kmsKeyId === undefined ? undefined : 'aws:kms');
  if (algorithm === undefined) return undefined;
  if (algorithm === 'aws:kms') return { algorithm, ...(kmsKeyId !== undefined && { kmsKeyId }) };
  if (textOf(options, 'sseKmsKeyId') === undefined) return { algorithm: 'AES256' };
  throw new FlowError(exitCodes.usage, 'BadUsage', 'AES256 is done with a key of S3’s own', {
    where: '--sse-kms-key-id',
    hint: '--sse aws:kms',
  });
}

function attributesOf(given: unknown): Record<string, string> {
  const pairs = (Array.isArray(given) ? given : []) as string[];
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new FlowError(exitCodes.usage, 'BadUsage', `'${pair}' is no attribute`, {
        where: '--attributes',
        hint: '--attributes name=value other=value',
      });
    }),
  );
}
