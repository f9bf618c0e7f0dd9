/** Joins the CRCs of neighbouring pieces into the CRC of the whole, without reading a byte again. */

const polynomials = {
  crc32: { width: 32n, polynomial: 0xedb88320n },
  crc32c: { width: 32n, polynomial: 0x82f63b78n },
  crc64nvme: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
};

export type CrcName = keyof typeof polynomials;

/** @param pieces in order: CRC (big endian, as S3 writes it) and size in bytes of each. */
export function combineCrcs(name: CrcName, pieces: { sum: Buffer; size: number }[]): Buffer {
  const { width, polynomial } = polynomials[name];
  const one = 1n << (width - 1n);

  // Polynomials are reflected: the highest bit is x^0.
  const multiply = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    let shifted = b;
    for (let bit = one; bit > 0n; bit >>= 1n) {
      if (a & bit) product ^= shifted;
      shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
    }
    return product;
  };
  const shiftOf = (bytes: number): bigint => {
    let result = one;
    let square = one >> 1n;
    for (let bits = BigInt(bytes) * 8n; bits > 0n; bits >>= 1n) {
      if (bits & 1n) result = multiply(square, result);
      square = multiply(square, square);
    }
    return result;
  };

  // Parts of an upload have the same size, all but the last.
  const shifts = new Map<number, bigint>();
  let whole = 0n;
  for (const { sum, size } of pieces) {
    const shift = shifts.get(size) ?? shiftOf(size);
    shifts.set(size, shift);
    whole = multiply(shift, whole) ^ BigInt(`0x${sum.toString('hex')}`);
  }
  return Buffer.from(whole.toString(16).padStart(Number(width / 4n), '0'), 'hex');
}
