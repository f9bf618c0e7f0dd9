import type { ObjectGateway } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';

/**
 * The bucket for uploads: the flag, the target's, the app's (`S3_BUCKET_NAME`), else the framework's by its prefix
 * if it answers. @throws FlowError 3 that lists what was tried
 */
export async function findBucket(
  objects: Pick<ObjectGateway, 'bucketAnswers'>,
  known: { flag?: string; bucket?: string; appBucket?: string; prefix?: string },
): Promise<string> {
  const named = known.flag ?? known.bucket ?? known.appBucket;
  // Not asked for first: who may write to a bucket need not be allowed to look at it.
  if (named !== undefined) return named;
  const conventional = known.prefix === undefined ? undefined : `${known.prefix}ddb-attributes`;
  if (conventional !== undefined && (await objects.bucketAnswers(conventional))) return conventional;
  const tried = ['--bucket', "the target's bucket", 'S3_BUCKET_NAME', conventional]
    .filter(Boolean)
    .join(', ');
  throw noBucket(`no bucket for the upload is known; tried: ${tried}`);
}

const noBucket = (message: string): FlowError =>
  new FlowError(exitCodes.notFound, 'BucketNotFound', message, {
    hint: 'name it with --bucket, or as "bucket" of the target in mbc-flow.json',
  });
