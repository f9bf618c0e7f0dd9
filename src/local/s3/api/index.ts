import type { S3Context } from '../store/context.js';
import { S3Error } from '../wire/errors.js';
import { refuseUnsupportedHeaders } from '../wire/headers.js';
import type { S3Request, S3Response } from '../wire/request.js';
import {
  createBucket,
  deleteBucketTagging,
  deleteOneBucket,
  getBucketLocation,
  getBucketTagging,
  headBucket,
  isBucketName,
  isOldBucketName,
  listBuckets,
  putBucketTagging,
} from './buckets.js';
import { completeMultipartUpload } from './complete-upload.js';
import { listObjectsV1, listObjectsV2 } from './lists.js';
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from './multipart.js';
import { listMultipartUploads, listUploadedParts } from './multipart-lists.js';
import {
  copyObject,
  deleteObjects,
  deleteOneObject,
  getObject,
  getObjectTagging,
  headObject,
  putObject,
} from './objects.js';

type Operation = (context: S3Context, request: S3Request) => Promise<S3Response>;

/** By the name that the API has for them. */
const operations: Record<string, Operation> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteOneBucket,
  DeleteBucketTagging: deleteBucketTagging,
  DeleteObject: deleteOneObject,
  DeleteObjects: deleteObjects,
  GetBucketLocation: getBucketLocation,
  GetBucketTagging: getBucketTagging,
  GetObject: getObject,
  GetObjectTagging: getObjectTagging,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjects: listObjectsV1,
  ListObjectsV2: listObjectsV2,
  ListParts: listUploadedParts,
  PutBucketTagging: putBucketTagging,
  PutObject: putObject,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};

/** Runs the operation that a request names; one that is not there is refused by its name. */
export function perform(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, method } = request;
  if (method === 'OPTIONS') throw new S3Error('AccessForbidden');
  const name = operationName(request);
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) {
    throw new S3Error('NotImplemented', {}, `The operation ${name} is not there in mbc-flow's local server`);
  }
  // A name that only older buckets can have is an error only when a bucket is created; otherwise none has it.
  const known = isBucketName(bucket) || (name !== 'CreateBucket' && isOldBucketName(bucket));
  if (bucket !== '' && !known) throw new S3Error('InvalidBucketName', { BucketName: bucket });
  refuseUnsupportedHeaders(request);
  const version = request.query.get('versionId');
  if (version !== null && version !== 'null') {
    throw new S3Error(
      'InvalidArgument',
      { ArgumentName: 'versionId', ArgumentValue: version },
      'Invalid version id specified',
    );
  }
  return operation(context, request);
}

const verbs: Record<string, string> = {
  GET: 'Get',
  HEAD: 'Head',
  PUT: 'Put',
  POST: 'Post',
  DELETE: 'Delete',
};

/** Subresources of buckets: what follows `GetBucket`, `PutBucket`, …; names that break the pattern in full. */
const bucketSubresources: Record<string, string> = {
  abac: 'Abac',
  accelerate: 'AccelerateConfiguration',
  acl: 'Acl',
  analytics: 'AnalyticsConfiguration',
  cors: 'Cors',
  encryption: 'Encryption',
  'intelligent-tiering': 'IntelligentTieringConfiguration',
  inventory: 'InventoryConfiguration',
  lifecycle: 'LifecycleConfiguration',
  location: 'Location',
  logging: 'Logging',
  metadataConfiguration: 'MetadataConfiguration',
  metadataTable: 'MetadataTableConfiguration',
  metrics: 'MetricsConfiguration',
  notification: 'NotificationConfiguration',
  ownershipControls: 'OwnershipControls',
  policy: 'Policy',
  policyStatus: 'PolicyStatus',
  replication: 'Replication',
  requestPayment: 'RequestPayment',
  tagging: 'Tagging',
  versioning: 'Versioning',
  website: 'Website',
};
const bucketOperations: Record<string, string> = {
  'GET object-lock': 'GetObjectLockConfiguration',
  'PUT object-lock': 'PutObjectLockConfiguration',
  'GET publicAccessBlock': 'GetPublicAccessBlock',
  'PUT publicAccessBlock': 'PutPublicAccessBlock',
  'DELETE publicAccessBlock': 'DeletePublicAccessBlock',
  'GET session': 'CreateSession',
  'GET uploads': 'ListMultipartUploads',
  'GET versions': 'ListObjectVersions',
  'POST delete': 'DeleteObjects',
  'DELETE lifecycle': 'DeleteBucketLifecycle',
};
const objectSubresources: Record<string, string> = {
  acl: 'Acl',
  attributes: 'Attributes',
  encryption: 'Encryption',
  'legal-hold': 'LegalHold',
  retention: 'Retention',
  tagging: 'Tagging',
  torrent: 'Torrent',
};
const objectOperations: Record<string, string> = {
  'POST uploads': 'CreateMultipartUpload',
  'PUT uploadId': 'UploadPart',
  'PUT partNumber': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
  'GET uploadId': 'ListParts',
  'POST restore': 'RestoreObject',
  'POST select': 'SelectObjectContent',
  'PUT renameObject': 'RenameObject',
};

/** The API's name of what a request asks for. */
function operationName({ bucket, key, method, query, header }: S3Request): string {
  const verb = verbs[method];
  if (!verb) throw new S3Error('MethodNotAllowed', { Method: method });
  if (bucket === '') {
    if (method === 'GET') return 'ListBuckets';
    throw new S3Error('MethodNotAllowed', { Method: method });
  }
  const named = key === '' ? bucketOperations : objectOperations;
  const subresources = key === '' ? bucketSubresources : objectSubresources;
  const noun = key === '' ? 'Bucket' : 'Object';
  const copy = method === 'PUT' && header('x-amz-copy-source') !== undefined;
  for (const name of query.keys()) {
    const special = named[`${method} ${name}`];
    if (special !== undefined) return special === 'UploadPart' && copy ? 'UploadPartCopy' : special;
    const pattern = Object.hasOwn(subresources, name) ? subresources[name] : undefined;
    if (pattern !== undefined) return `${verb}${noun}${pattern}`;
  }
  if (copy && key !== '') return 'CopyObject';
  if (key !== '' && method !== 'POST') return `${verb}Object`;
  if (key !== '') throw new S3Error('MethodNotAllowed', { Method: method });
  if (method === 'POST') return 'PostObject';
  if (method === 'PUT') return 'CreateBucket';
  if (method !== 'GET') return `${verb}Bucket`;
  return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}
