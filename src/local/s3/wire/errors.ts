import { faultWords } from '../../../files/system-errors.js';
import { AwsError } from '../../ports.js';

/** S3's errors: HTTP status and S3's own words; a call may bring a better message. */
const errors = {
  AccessDenied: [403, 'Access Denied'],
  BadRequest: [400, 'Bad Request'],
  InvalidTag: [400, 'The tag provided was not a valid tag.'],
  AccessForbidden: [403, 'CORSResponse: CORS is not enabled for this bucket.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BucketAlreadyExists: [409, 'The requested bucket name is not available.'],
  BucketAlreadyOwnedByYou: [
    409,
    'Your previous request to create the named bucket succeeded and you already own it.',
  ],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size'],
  IncompleteBody: [
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ],
  InvalidPartNumber: [416, 'The requested partnumber is not satisfiable'],
  InvalidPartOrder: [
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
  ],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidStorageClass: [400, 'The storage class you specified is not valid'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long'],
  MalformedTrailerError: [
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  ],
  MalformedXML: [
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  ],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchTagSet: [404, 'The TagSet does not exist'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NotImplemented: [501, 'A header you provided implies functionality that is not implemented'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  ServiceUnavailable: [503, 'Service is unable to handle request.'],
  XAmzContentSHA256Mismatch: [
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
} as const satisfies Record<string, readonly [number, string]>;

export type S3ErrorCode = keyof typeof errors;

/** An error as S3's XML tells it; `details` are further elements of that XML, by their names. */
export class S3Error extends AwsError {
  constructor(
    code: S3ErrorCode,
    readonly details: Record<string, string | number> = {},
    message: string = errors[code][1],
  ) {
    super(code, message, errors[code][0]);
    this.name = 'S3Error';
  }
}

export const invalidArgument = (name: string, value: string, message: string): S3Error =>
  new S3Error('InvalidArgument', { ArgumentName: name, ArgumentValue: value }, message);

export const unsupportedHeader = (header: string): S3Error =>
  new S3Error(
    'NotImplemented',
    { Header: header },
    `A header you provided implies functionality that is not implemented in mbc-flow's local server: ${header}`,
  );

/** What a client sees of any failure: our own errors without a stack trace. */
export function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  const { name } = error instanceof Error ? error : { name: '' };
  if (name === 'StoreError' || name === 'StoreBusyError')
    return new S3Error('ServiceUnavailable', {}, faultWords(error));
  return new S3Error('InternalError', {}, `mbc-flow's local server failed: ${faultWords(error)}`);
}
