import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import { unpacked } from '../../store/compression.js';

/**
 * A body that is packed in frames of its own, so that it can be read from anywhere. Behind the frames stand their
 * lengths and how many they are, four bytes each.
 */
const FRAME = 256 << 10;

export async function* packedFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const lengths: number[] = [];
  const frame = Buffer.allocUnsafeSlow(FRAME);
  let filled = 0;
  const packedFrame = (): Buffer => {
    const packed = deflateRawSync(frame.subarray(0, filled), { level: 1, chunkSize: FRAME / 4 });
    filled = 0;
    lengths.push(packed.length);
    return packed;
  };
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, FRAME - filled);
      frame.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled === FRAME) yield packedFrame();
    }
  }
  if (filled > 0) yield packedFrame();
  const end = Buffer.alloc((lengths.length + 1) * 4);
  [...lengths, lengths.length].forEach((length, index) => {
    end.writeUInt32LE(length, index * 4);
  });
  yield end;
}

/** `size` bytes of the body, from `from` on. @throws Error where the file is none of these, or ends early */
export async function* readFrames(path: string, from: number, size: number): AsyncGenerator<Uint8Array> {
  const lengths = await frameLengths(path);
  const first = Math.floor(from / FRAME);
  const last = Math.floor((from + size - 1) / FRAME);
  const start = lengths.slice(0, first).reduce((sum, length) => sum + length, 0);
  let at = first;
  let skip = from - first * FRAME;
  let left = size;
  let gathered: Buffer = Buffer.alloc(0);
  const stream = createReadStream(path, { start, highWaterMark: FRAME });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    gathered = gathered.length === 0 ? chunk : Buffer.concat([gathered, chunk]);
    for (let length = lengths[at]; length !== undefined && gathered.length >= length; length = lengths[at]) {
      const bytes = unpacked(gathered.subarray(0, length), FRAME).subarray(skip, skip + left);
      gathered = gathered.subarray(length);
      skip = 0;
      left -= bytes.length;
      yield bytes;
      if (++at > last) return;
    }
  }
  throw new Error(`the body file ${path} is ${left} bytes too short`);
}

async function frameLengths(path: string): Promise<number[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (position: number, length: number): Promise<Buffer> =>
      (await file.read(Buffer.alloc(length), 0, length, position)).buffer;
    const count = (await read(size - 4, 4)).readUInt32LE();
    const lengths = await read(size - 4 - count * 4, count * 4);
    return Array.from({ length: count }, (_, index) => lengths.readUInt32LE(index * 4));
  } finally {
    await file.close();
  }
}
