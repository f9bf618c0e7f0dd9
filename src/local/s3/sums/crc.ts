/** Reflected CRCs with all ones before and after: crc32c over one word, CRC-64/NVME over two (BigInt is too slow). */

export interface Crc {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

const slices = 8;

/** Tables of slice-by-8 for a 32-bit polynomial: entry `256 * n + byte` is that byte followed by n zero bytes. */
function tables32(polynomial: number): Uint32Array {
  const table = new Uint32Array(256 * slices);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    table[byte] = crc;
  }
  for (let index = 256; index < table.length; index++) {
    const before = table[index - 256] as number;
    table[index] = (before >>> 8) ^ (table[before & 0xff] as number);
  }
  return table;
}

/** Four bytes as a number, the first one lowest. */
const wordAt = (chunk: Uint8Array, at: number): number =>
  (chunk[at] as number) |
  ((chunk[at + 1] as number) << 8) |
  ((chunk[at + 2] as number) << 16) |
  ((chunk[at + 3] as number) << 24);

/** What a table makes of eight bytes, `low` before `high`. */
const afterSlice = (table: Uint32Array, low: number, high: number): number =>
  (table[1792 + (low & 0xff)] as number) ^
  (table[1536 + ((low >>> 8) & 0xff)] as number) ^
  (table[1280 + ((low >>> 16) & 0xff)] as number) ^
  (table[1024 + (low >>> 24)] as number) ^
  (table[768 + (high & 0xff)] as number) ^
  (table[512 + ((high >>> 8) & 0xff)] as number) ^
  (table[256 + ((high >>> 16) & 0xff)] as number) ^
  (table[high >>> 24] as number);

let castagnoli: Uint32Array | undefined;

export function createCrc32c(): Crc {
  castagnoli ??= tables32(0x82f63b78);
  const t = castagnoli;
  let crc = 0xffffffff;
  return {
    update(chunk) {
      const whole = chunk.length - (chunk.length % slices);
      let c = crc;
      let i = 0;
      for (; i < whole; i += slices) {
        c = afterSlice(t, c ^ wordAt(chunk, i), wordAt(chunk, i + 4));
      }
      for (; i < chunk.length; i++) c = (c >>> 8) ^ (t[(c ^ (chunk[i] as number)) & 0xff] as number);
      crc = c;
    },
    digest() {
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(~crc >>> 0);
      return sum;
    },
  };
}

/** As `tables32`, high and low words apart. */
function tables64(polynomialHigh: number, polynomialLow: number): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256 * slices);
  const low = new Uint32Array(256 * slices);
  for (let byte = 0; byte < 256; byte++) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry) {
        h ^= polynomialHigh;
        l ^= polynomialLow;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let index = 256; index < high.length; index++) {
    const h = high[index - 256] as number;
    const l = low[index - 256] as number;
    high[index] = (h >>> 8) ^ (high[l & 0xff] as number);
    low[index] = ((l >>> 8) | (h << 24)) ^ (low[l & 0xff] as number);
  }
  return { high, low };
}

let nvme: { high: Uint32Array; low: Uint32Array } | undefined;

export function createCrc64Nvme(): Crc {
  nvme ??= tables64(0x9a6c9329, 0xac4bc9b5);
  const { high: th, low: tl } = nvme;
  let high = -1;
  let low = -1;
  return {
    update(chunk) {
      const whole = chunk.length - (chunk.length % slices);
      let h = high;
      let l = low;
      let i = 0;
      for (; i < whole; i += slices) {
        l ^= wordAt(chunk, i);
        h ^= wordAt(chunk, i + 4);
        const next = afterSlice(th, l, h);
        l = afterSlice(tl, l, h);
        h = next;
      }
      for (; i < chunk.length; i++) {
        const index = (l ^ (chunk[i] as number)) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ (tl[index] as number);
        h = (h >>> 8) ^ (th[index] as number);
      }
      high = h;
      low = l;
    },
    digest() {
      const sum = Buffer.alloc(8);
      sum.writeUInt32BE(~high >>> 0);
      sum.writeUInt32BE(~low >>> 0, 4);
      return sum;
    },
  };
}
