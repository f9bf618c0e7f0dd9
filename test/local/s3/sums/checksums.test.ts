import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checksumAlgorithms,
  checksumOfParts,
  createHasher,
  decodeDigest,
  hash,
  isCrc,
} from '../../../../src/local/s3/sums/checksums.js';

/** Published check values, of the nine digits. */
const known = {
  crc32: 'cbf43926',
  crc32c: 'e3069283',
  crc64nvme: 'ae8b14860a799888',
  sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
};

describe('checksums', () => {
  test.each(checksumAlgorithms)('%s has its published check value', (name) => {
    expect(hash(name, Buffer.from('123456789')).toString('hex')).toBe(known[name]);
  });

  test.each(checksumAlgorithms)('%s is the same however the bytes are cut', (name) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 6 }), (chunks) => {
        const hasher = createHasher(name);
        for (const chunk of chunks) hasher.update(chunk);
        expect(hasher.digest()).toEqual(hash(name, Buffer.concat(chunks)));
      }),
    );
  });

  test.each(checksumAlgorithms.filter(isCrc))('%s of parts joins into that of the whole', (name) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }), (chunks) => {
        const parts = chunks.map((chunk) => ({ sum: hash(name, chunk), size: chunk.length }));
        expect(checksumOfParts(name, 'FULL_OBJECT', parts).value).toBe(
          hash(name, Buffer.concat(chunks)).toString('base64'),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('a digest is base64 of just its length', () => {
    expect(decodeDigest('crc32', 'y/Q5Jg==')?.toString('hex')).toBe('cbf43926');
    for (const bad of ['', 'y/Q5Jg', 'y/Q5', 'y/Q5JgAA', '!!!!!!==', 'y_Q5Jg==']) {
      expect(decodeDigest('crc32', bad), bad).toBeUndefined();
    }
  });
});
