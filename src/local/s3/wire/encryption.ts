import { account } from '../../arns.js';
import { invalidArgument } from './errors.js';
import type { S3Request } from './request.js';

const algorithmHeader = 'x-amz-server-side-encryption';
const keyHeader = 'x-amz-server-side-encryption-aws-kms-key-id';
const bucketKeyHeader = 'x-amz-server-side-encryption-bucket-key-enabled';
const names = [algorithmHeader, keyHeader, bucketKeyHeader];
const algorithms = ['AES256', 'aws:kms', 'aws:kms:dsse'];

/**
 * What a request says of the encryption of the object that it makes, as later responses carry it. Nothing is encrypted
 * here: it is told as S3 tells it, so that what relies on it can be tried.
 * @throws S3Error InvalidArgument
 */
export function requestedEncryption(request: S3Request, region: string): Record<string, string> {
  const algorithm = request.header(algorithmHeader);
  const key = request.header(keyHeader);
  if (algorithm !== undefined && !algorithms.includes(algorithm)) {
    throw invalidArgument(algorithmHeader, algorithm, 'The encryption method specified is not supported');
  }
  if (algorithm === undefined || algorithm === 'AES256') {
    if (key === undefined) return encryptedByDefault;
    throw invalidArgument(
      algorithmHeader,
      algorithm ?? 'null',
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    );
  }
  return {
    [algorithmHeader]: algorithm,
    [keyHeader]: keyArn(key ?? 'alias/aws/s3', region),
    ...(request.header(bucketKeyHeader)?.toLowerCase() === 'true' && { [bucketKeyHeader]: 'true' }),
  };
}

/** Of an object, or of an upload, by its headers. Those stored before encryption was kept have the default. */
export function encryptionOf(headers: Record<string, string>): Record<string, string> {
  const kept = names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  return kept.length > 0 ? Object.fromEntries(kept) : encryptedByDefault;
}

export const withoutEncryption = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

const encryptedByDefault = { [algorithmHeader]: 'AES256' };

function keyArn(key: string, region: string): string {
  if (key.startsWith('arn:')) return key;
  return `arn:aws:kms:${region}:${account}:${key.startsWith('alias/') ? key : `key/${key}`}`;
}
