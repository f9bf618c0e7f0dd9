import { describe, expect, it } from 'vitest';
import { createTextEncoding } from '../../../src/csv/encoding/encode.js';

const text = '番号,髙橋①～ﾔﾏﾀﾞ,表ソ能\r\n"a\\b",Ⅲ㈱℡,－∥\n';
const decode = (label: string, bytes: Uint8Array) => {
  const decoder = new TextDecoder(label, { fatal: true });
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
};

describe('createTextEncoding', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be', 'shift_jis'])('%s: what is written is read again', (label) => {
    expect(decode(label, createTextEncoding(label)(text))).toBe(text);
  });

  it.each([
    ['euc-jp', '山田,ﾔﾏﾀﾞ,～\n'],
    ['iso-2022-jp', 'id,山田\n1,表ソ,x\n'],
    ['windows-1252', 'é,“ß”,€\n'],
  ])('%s', (label, content) => {
    expect(decode(label, createTextEncoding(label)(content))).toBe(content);
  });

  it('writes the bytes that Windows writes', () => {
    const sjis = createTextEncoding('shift_jis');
    expect(Buffer.from(sjis('髙①～ｱⅠ∵')).toString('hex')).toBe('fbfc87408160b1875481e6');
    expect(Buffer.from(createTextEncoding('iso-2022-jp')('a山b')).toString('latin1')).toBe(
      'a\x1b$B;3\x1b(Bb',
    );
  });

  it('every character that Shift_JIS has comes back', () => {
    const sjis = createTextEncoding('shift_jis');
    const decoder = new TextDecoder('shift_jis');
    let characters = 0;
    for (let lead = 0x81; lead <= 0xfc; lead++) {
      for (let trail = 0x40; trail <= 0xfc; trail++) {
        const character = decoder.decode(Uint8Array.of(lead, trail));
        if (character.includes('\uFFFD') || [...character].length !== 1) continue;
        characters++;
        expect(decoder.decode(sjis(character))).toBe(character);
      }
    }
    expect(characters).toBeGreaterThan(7_000);
  });

  it('has a question mark for what an encoding lacks', () => {
    expect(Buffer.from(createTextEncoding('shift_jis')('a😀é')).toString()).toBe('a??');
    expect(Buffer.from(createTextEncoding('iso-2022-jp')('ｱ')).toString()).toBe('?');
  });
});
