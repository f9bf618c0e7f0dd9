import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCrc32c, createCrc64Nvme } from './crc.js';
import { type CrcName, combineCrcs } from './crc-combine.js';

/** As in `x-amz-checksum-NAME`; upper case it is the value of `x-amz-checksum-algorithm`. */
export const checksumAlgorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];
export type HashName = ChecksumAlgorithm | 'md5';
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/** Of an object, as S3 tells it. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  type: ChecksumType;
  /** Base64; with `-N` when composed of N parts' checksums. */
  value: string;
}

const lengths: Record<HashName, number> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
  md5: 16,
};

export interface Hasher {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

export function createHasher(name: HashName): Hasher {
  switch (name) {
    case 'crc32':
      return createCrc32();
    case 'crc32c':
      return createCrc32c();
    case 'crc64nvme':
      return createCrc64Nvme();
    default:
      return createHash(name);
  }
}

export function hash(name: HashName, bytes: Uint8Array): Buffer {
  const hasher = createHasher(name);
  hasher.update(bytes);
  return hasher.digest();
}

function createCrc32(): Hasher {
  let crc = 0;
  return {
    update(chunk) {
      crc = crc32(chunk, crc);
    },
    digest() {
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(crc);
      return sum;
    },
  };
}

/** The bytes of a base64 digest; undefined unless it is exactly one of that hash. */
export function decodeDigest(name: HashName, base64: string): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === lengths[name] && bytes.toString('base64') === base64 ? bytes : undefined;
}

export function parseAlgorithm(name: string): ChecksumAlgorithm | undefined {
  return checksumAlgorithms.find((algorithm) => algorithm === name.toLowerCase());
}

/** CRCs of parts can be joined into that of the whole; of SHA sums only a sum of sums can be told. */
export const isCrc = (algorithm: ChecksumAlgorithm): algorithm is CrcName => algorithm.startsWith('crc');

/** Checksum of an object made of parts, from its parts' checksums. */
export function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: { sum: Buffer; size: number }[],
): Checksum {
  if (type === 'FULL_OBJECT' && isCrc(algorithm)) {
    return { algorithm, type, value: combineCrcs(algorithm, parts).toString('base64') };
  }
  const sum = hash(algorithm, Buffer.concat(parts.map((part) => part.sum)));
  return { algorithm, type: 'COMPOSITE', value: `${sum.toString('base64')}-${parts.length}` };
}
