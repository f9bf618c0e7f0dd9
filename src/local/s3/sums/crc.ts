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
        c ^=
          (chunk[i] as number) |
          ((chunk[i + 1] as number) << 8) |
          ((chunk[i + 2] as number) << 16) |
          ((chunk[i + 3] as number) << 24);
        c =
          (t[1792 + (c & 0xff)] as number) ^
          (t[1536 + ((c >>> 8) & 0xff)] as number) ^
          (t[1280 + ((c >>> 16) & 0xff)] as number) ^
          (t[1024 + (c >>> 24)] as number) ^
          (t[768 + (chunk[i + 4] as number)] as number) ^
          (t[512 + (chunk[i + 5] as number)] as number) ^
          (t[256 + (chunk[i + 6] as number)] as number) ^
          (t[chunk[i + 7] as number] as number);
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
        l ^=
          (chunk[i] as number) |
          ((chunk[i + 1] as number) << 8) |
          ((chunk[i + 2] as number) << 16) |
          ((chunk[i + 3] as number) << 24);
        h ^=
          (chunk[i + 4] as number) |
          ((chunk[i + 5] as number) << 8) |
          ((chunk[i + 6] as number) << 16) |
          ((chunk[i + 7] as number) << 24);
        const a = 1792 + (l & 0xff);
        const b = 1536 + ((l >>> 8) & 0xff);
        const c = 1280 + ((l >>> 16) & 0xff);
        const d = 1024 + (l >>> 24);
        const e = 768 + (h & 0xff);
        const f = 512 + ((h >>> 8) & 0xff);
        const g = 256 + ((h >>> 16) & 0xff);
        const k = h >>> 24;
        h =
          (th[a] as number) ^
          (th[b] as number) ^
          (th[c] as number) ^
          (th[d] as number) ^
          (th[e] as number) ^
          (th[f] as number) ^
          (th[g] as number) ^
          (th[k] as number);
        l =
          (tl[a] as number) ^
          (tl[b] as number) ^
          (tl[c] as number) ^
          (tl[d] as number) ^
          (tl[e] as number) ^
          (tl[f] as number) ^
          (tl[g] as number) ^
          (tl[k] as number);
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
