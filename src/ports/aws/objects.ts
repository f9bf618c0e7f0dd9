/** A multipart upload under way: what S3 has of it. */
export interface UploadState {
  uploadId: string;
  partBytes: number;
  parts: UploadedPart[];
  /** As it was begun with. */
  encryption?: ObjectEncryption;
}

/** Other than the bucket's own. */
export interface ObjectEncryption {
  algorithm: 'AES256' | 'aws:kms';
  /** Id, ARN or alias; S3's own key where it is left out. */
  kmsKeyId?: string;
}

export interface UploadedPart {
  number: number;
  bytes: number;
  etag: string;
  /** Base64, as S3 has it. */
  crc32: string;
}

export interface ObjectUpload {
  bucket: string;
  key: string;
  /** The same bytes at each call. */
  body(): AsyncIterable<Uint8Array>;
  /** About; what the body really has counts. */
  size: number;
  contentType: string;
  metadata?: Record<string, string>;
  encryption?: ObjectEncryption;
  signal?: AbortSignal;
  /** Bytes that S3 has, those of a former attempt too. */
  onProgress?(bytes: number): void;
  /** Of a former attempt that broke off. */
  resume?: UploadState;
  /** Called whenever it changed, so that a later attempt can resume; undefined when nothing is left to resume. */
  onState?(state: UploadState | undefined): Promise<void>;
}

export interface ObjectGateway {
  bucketAnswers(bucket: string): Promise<boolean>;
  head(
    bucket: string,
    key: string,
  ): Promise<
    { size: number; etag: string; metadata: Record<string, string>; encryption?: string } | undefined
  >;
  upload(upload: ObjectUpload): Promise<void>;
  /** From the byte `start` on (default 0). */
  read(bucket: string, key: string, start?: number): Promise<AsyncIterable<Uint8Array>>;
  /** At most 1,000, in the order of their keys, behind `startAfter`. `lastModified`: epoch milliseconds. */
  list(
    bucket: string,
    prefix: string,
    startAfter?: string,
  ): Promise<{ key: string; size: number; etag: string; lastModified: number; storageClass: string }[]>;
}
