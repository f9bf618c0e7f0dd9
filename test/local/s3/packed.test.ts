import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bucket, noise, startS3, temporaryDirectory } from './harness.js';

const FRAME = 256 << 10;

/** Like rows, as a ResultWriter writes them: no two stretches of it are the same. */
const rows = (bytes: number): Buffer => {
  let text = '';
  for (let n = 0; text.length < bytes; n++) text += `{"id":"p${n}","name":"row ${n}","city":"Tokyo"},`;
  return Buffer.from(text.slice(0, bytes));
};

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 12_345])(
  'what the server writes itself is packed, and any range of its %i bytes is read',
  async (size) => {
    const s3 = await startS3();
    const body = rows(size);
    const { size: told } = await s3.objects.put(bucket, 'k', pieces(body, 60_001));
    expect(told).toBe(size);
    const [file = ''] = s3.files();
    expect(statSync(join(s3.directory, file)).size).toBeLessThan(size / 4);
    expect((await s3.send('GET', `/${bucket}/k`)).body.equals(body)).toBe(true);
    for (const [from, to] of [
      [0, 0],
      [FRAME - 2, Math.min(FRAME + 2, size - 1)],
      [size - 1, size - 1],
      [100, size - 1],
    ] as const) {
      const range = await s3.send('GET', `/${bucket}/k`, { range: `bytes=${from}-${to}` });
      expect(range.status).toBe(206);
      expect(range.body.equals(body.subarray(from, to + 1))).toBe(true);
    }
  },
);

test('a small body is packed in its row, one that does not get smaller is kept as it is', async () => {
  const s3 = await startS3();
  const small = rows(9_000);
  await s3.objects.put(bucket, 'rows', small);
  await s3.objects.put(bucket, 'noise', noise(9_000));
  const lengths = s3.store.read((db) =>
    db.prepare('SELECT packed, length(bytes) AS length FROM s3_parts ORDER BY size, packed IS NULL').all(),
  ) as { packed: number | null; length: number }[];
  expect(lengths[0]?.packed).toBe(lengths[0]?.length);
  expect(lengths[0]?.length).toBeLessThan(3_000);
  expect(lengths[1]).toMatchObject({ packed: null, length: 9_000 });
  expect((await s3.send('GET', `/${bucket}/rows`)).body.equals(small)).toBe(true);
  expect((await s3.send('GET', `/${bucket}/rows`, { range: 'bytes=4000-4099' })).body).toEqual(
    small.subarray(4_000, 4_100),
  );
});

test('an object whose packed file was cut short is absent, after a restart too', async () => {
  const directory = temporaryDirectory();
  const first = await startS3(directory);
  await first.objects.put(bucket, 'k', pieces(rows(2 * FRAME), 50_000));
  await first.stop();
  const again = await startS3(directory);
  expect((await again.send('GET', `/${bucket}/k`)).body.equals(rows(2 * FRAME))).toBe(true);
  const [file = ''] = again.files();
  const path = join(again.directory, file);
  truncateSync(path, statSync(path).size - 1);
  expect((await again.send('GET', `/${bucket}/k`)).status).toBe(404);
});
