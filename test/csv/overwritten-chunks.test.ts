import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { createCsvCheck } from '../../src/csv/check.js';
import { createRowReader } from '../../src/csv/row-reader.js';
import { createTranscoder } from '../../src/csv/transcode.js';

// A file is read into the same buffers again and again: what a chunk was must not be looked for in it later.

const text = 'id,名前\r\n1,"山田\r\n太郎"\r\n2,𠮷野家😀\r\n3,ﾔﾏﾀﾞ\r\n';

/** Each chunk in the same place, written over once it was taken. */
function* inOneBuffer(bytes: Buffer, size: number): Generator<Buffer> {
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    yield buffer.subarray(0, bytes.copy(buffer, 0, at, at + size));
    buffer.fill('#');
  }
}

test.each(['utf-8', 'utf-16le', 'utf-16be', 'shift_jis', 'euc-jp', 'gb18030'])(
  '%s in chunks that are overwritten',
  (encoding) => {
    const bytes = iconv.encode(text, encoding === 'utf-16be' ? 'utf16-be' : encoding);
    const dialect = { encoding, delimiter: ',' } as const;
    const read = (chunks: Iterable<Buffer>) => {
      const check = createCsvCheck(dialect);
      const rows = createRowReader(dialect);
      // Mended: each cell is written again.
      const transcoder = createTranscoder({ ...dialect, mend: true });
      const found = [];
      const written: Uint8Array[] = [];
      for (const chunk of chunks) {
        check.push(chunk);
        for (const { item } of rows.push(chunk)) found.push(item);
        written.push(Buffer.from(transcoder?.push(chunk) ?? []));
      }
      for (const { item } of rows.end()) found.push(item);
      written.push(transcoder?.end() ?? Buffer.alloc(0));
      return { report: check.end(), found, written: Buffer.concat(written).toString() };
    };
    const whole = read([bytes]);
    for (let size = 1; size < 40; size++) expect(read(inOneBuffer(bytes, size))).toEqual(whole);
  },
);
