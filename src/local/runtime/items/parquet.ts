import * as zlib from 'node:zlib';
import { decompress } from 'fzstd';
import { type AsyncBuffer, type Compressors, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Json } from '../../../json/json.js';
import { objectOf, parseOwn } from '../../../json/lossless.js';
import { missing, type Place, storedBytes } from './object-bytes.js';
import { type Item, ItemReaderError, type ItemSource, type ObjectSource, sourceOf } from './source.js';

/** AWS's limits. */
const maxFooterBytes = 5 << 20;
const maxRowGroupBytes = 256 << 20;
/** One row group is held at a time; its rows become items so many at once. */
const rowsPerPage = 1000;

const compressors: Compressors = {
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  ZSTD: (bytes) => decompress(bytes),
};

/** Rows of a Parquet object; the cursor counts them. */
export function parquetItems(objects: ObjectSource, place: Place): ItemSource {
  return async function* (from) {
    const skip = typeof from === 'number' ? from : 0;
    const source = sourceOf(place.bucket, place.key);
    const file = await opened(objects, place);
    try {
      const metadata = await parquetMetadataAsync(file);
      let first = 0;
      for (const { num_rows, total_byte_size } of metadata.row_groups) {
        const end = first + Number(num_rows);
        if (Number(total_byte_size) > maxRowGroupBytes)
          throw new ItemReaderError('A row group of the Parquet file is larger than 256 MB.');
        const rowStart = Math.max(first, skip);
        first = end;
        if (rowStart >= end) continue;
        const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd: end });
        for (let at = 0; at < rows.length; at += rowsPerPage)
          yield rows
            .slice(at, at + rowsPerPage)
            .map((row, index): Item => ({ value: jsonOf(row), source, cursor: rowStart + at + index + 1 }));
      }
    } catch (error) {
      if (error instanceof ItemReaderError) throw error;
      throw new ItemReaderError(`The Parquet file could not be read: ${(error as Error).message}`);
    }
  };
}

async function opened(objects: ObjectSource, place: Place): Promise<AsyncBuffer> {
  const head = await objects.head(place.bucket, place.key);
  if (!head) throw await missing(objects, place);
  const { size } = head;
  const file: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = await storedBytes(objects, place, start, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
  const tail = await storedBytes(objects, place, Math.max(0, size - 8), size);
  if (tail.length < 8 || tail.toString('latin1', 4) !== 'PAR1')
    throw new ItemReaderError('The file is no Parquet file.');
  if (tail.readUInt32LE(0) > maxFooterBytes)
    throw new ItemReaderError('The footer of the Parquet file is larger than 5 MB.');
  return file;
}

/** What Parquet has and JSON has not: whole numbers of 64 bits keep their digits, times are ISO 8601, bytes Base64. */
function jsonOf(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return parseOwn(String(value));
    case 'object':
      if (value === null) return null;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
      if (Array.isArray(value)) return value.map(jsonOf);
      return objectOf(Object.entries(value).map(([key, member]) => [key, jsonOf(member)]));
    default:
      return null;
  }
}
