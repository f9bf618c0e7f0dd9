import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { packedText, unpackedText } from '../../../src/local/store/compression.js';

const stored = (text: string): string | ArrayBuffer => {
  const packed = packedText(text);
  return typeof packed === 'string' ? packed : (new Uint8Array(packed).buffer as ArrayBuffer);
};

test.each([
  ['short', '{"a":1}', false],
  ['long', JSON.stringify(Array.from({ length: 200 }, (_, n) => ({ id: n, name: '商品' }))), true],
  [
    'with nothing to win',
    [...randomBytes(3000)].map((byte) => String.fromCharCode(32 + (byte % 95))).join(''),
    false,
  ],
])('a text that is %s comes back', (_, text, packs) => {
  expect(typeof packedText(text) === 'string').toBe(!packs);
  expect(unpackedText(stored(text))).toBe(text);
});

test('nothing stays nothing', () => {
  expect(unpackedText(null)).toBeNull();
});
