import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSource } from '../../src/files/open-source.js';

function fileOf(bytes: Buffer): { cwd: string; name: string } {
  const cwd = mkdtempSync(join(tmpdir(), 'mbc-flow-source-'));
  writeFileSync(join(cwd, 'rows.csv'), bytes);
  return { cwd, name: 'rows.csv' };
}

test.each([0, 1, 1 << 18, (1 << 18) + 1, 1_500_000])('%i bytes are read whole, and again', async (size) => {
  const bytes = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7919) >> 3));
  const { cwd, name } = fileOf(bytes);
  const source = await openSource(cwd, name);
  for (let time = 0; time < 2; time++) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.read()) chunks.push(Uint8Array.from(chunk));
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  }
});

test('a file takes two buffers, however long it is', async () => {
  const { cwd, name } = fileOf(Buffer.alloc(3_000_000));
  const buffers = new Set<ArrayBufferLike>();
  for await (const chunk of (await openSource(cwd, name)).read()) buffers.add(chunk.buffer);
  expect(buffers.size).toBe(2);
});

test('who stops reading leaves nothing behind', async () => {
  const { cwd, name } = fileOf(Buffer.alloc(1_000_000));
  const source = await openSource(cwd, name);
  for await (const chunk of source.read()) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(await source.stamp()).toContain('1000000');
});
