import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type CsvReport, createCsvCheck } from '../../../src/csv/check.js';
import { createUtf8Converter } from '../../../src/csv/encoding/utf8.js';

const japanese = [
  '番号,氏名,住所,備考\n1,髙橋 一郎,東京都千代田区丸の内１－１,①～⑳\n2,山﨑,大阪府,ﾔﾏｻﾞｷ\n',
  '商品コード,商品名,価格\nA-1,りんごジュース,120\nA-2,サプリメント（大）,2300\n',
  'id,名前\n1,田中\n',
];
const western = [
  'id,name\n1,Müller\n2,Série\n3,naïve café\n',
  'produto,preço\nAÇÃO,10\nmaçã,20\nFESTA DE SÃO JOÃO,30\n',
  'title,quote\nx,“Hello” – it’s 5 €\n',
  'Straße;Größe\nä;ö\n',
  'nom,prénom\nÉlodie,Zoë\n',
];
const encodings = ['utf-8', 'shift_jis', 'euc-jp', 'utf-16le', 'utf-16be'] as const;
const iconvName = { shift_jis: 'cp932', 'iso-2022-jp': 'iso-2022-jp' } as Record<string, string>;

function encode(text: string, encoding: string, addBOM = false): Buffer {
  return iconv.encode(text, iconvName[encoding] ?? encoding, { addBOM });
}
function check(bytes: Buffer, chunkBytes = bytes.length): CsvReport {
  const checker = createCsvCheck();
  for (let at = 0; at < bytes.length; at += chunkBytes) checker.push(bytes.subarray(at, at + chunkBytes));
  return checker.end();
}

describe('encodings', () => {
  for (const encoding of encodings) {
    it.each(japanese)(`${encoding}: %j`, (text) => {
      // EUC-JP has neither IBM's kanji nor NEC's circled numbers.
      const content = encoding === 'euc-jp' ? text.replace(/[髙﨑①⑳～－]/gu, '高') : text;
      const header = content.slice(0, content.indexOf('\n')).split(',');
      const report = check(encode(content, encoding), 5);
      expect(report).toMatchObject({ encoding, bom: false, columns: header, ok: true });
      expect(report.rows).toBe(content.trimEnd().split('\n').length - 1);
    });
  }

  it.each(western)('windows-1252: %j', (text) => {
    const report = check(encode(text, 'windows-1252'));
    expect(report).toMatchObject({ encoding: 'windows-1252', ok: true });
    expect(report.columns).toEqual(text.slice(0, text.indexOf('\n')).split(/[,;]/));
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be'])('%s with a BOM', (encoding) => {
    expect(check(encode('id,名前\n1,山田\n', encoding, true), 1)).toMatchObject({
      encoding,
      bom: true,
      columns: ['id', '名前'],
      rows: 1,
    });
  });

  it('half-width kana alone are Shift_JIS', () => {
    expect(check(encode('ｶﾅ,ﾒｲ\r\nﾔﾏﾀﾞ,ﾀﾛｳ\r\n', 'shift_jis')).encoding).toBe('shift_jis');
  });

  it('finds the encoding where the first character that is not ASCII comes late', () => {
    const rows = '1,plain\n'.repeat(100_000);
    for (const encoding of ['utf-8', 'shift_jis', 'euc-jp'] as const) {
      for (const chunk of [65_536, 1 << 20]) {
        const report = check(encode(`id,name\n${rows}2,山田さんのりんご\n${rows}`, encoding), chunk);
        expect(report).toMatchObject({ encoding, rows: 200_001, ok: true });
      }
    }
  });

  it('is not decided by a stray byte far before the text', () => {
    const rows = '1,plain\n'.repeat(20_000);
    const bytes = Buffer.concat([
      Buffer.from('id,name\n2,x'),
      Buffer.from([0xff]),
      Buffer.from(`\n${rows}`),
      encode('3,山田さんのりんごと株式会社あおぞらのジュース\n', 'shift_jis'),
    ]);
    for (const chunk of [65_536, 1 << 20]) {
      const report = check(bytes, chunk);
      expect(report).toMatchObject({ encoding: 'shift_jis', rows: 20_002 });
      expect(report.problems).toContainEqual(
        expect.objectContaining({ code: 'InvalidEncoding', line: 2, column: 4 }),
      );
    }
  });

  it('is one for which a few bytes that are wrong do not count', () => {
    const bytes = Buffer.concat([Buffer.from('id,名前\n1,山田'), Buffer.from([0xff]), Buffer.from('太郎\n')]);
    const report = check(bytes);
    expect(report).toMatchObject({ encoding: 'utf-8', ok: false });
    expect(report.problems).toMatchObject([{ code: 'InvalidEncoding', line: 2, column: 5 }]);
  });

  it.each(['utf-16le', 'utf-16be'])('%s: half a character is found, U+FFFD is a character', (encoding) => {
    const bytes = (text: string): Buffer => {
      const units = Buffer.from(`\uFEFF${text}`, 'utf16le');
      return encoding === 'utf-16be' ? units.swap16() : units;
    };
    const place = { code: 'InvalidEncoding', line: 3, column: 4 };
    for (const chunk of [1, 2, 3, 1000]) {
      const fine = bytes('id,名\n1,\uFFFD😀\n2,\uFFFD😀\n');
      expect(check(fine, chunk)).toMatchObject({ encoding, ok: true, rows: 2 });
      const halves = ['\ud83d', '\ude00', '\ud83d\ud83d', '\ude00\ud83d'];
      for (const half of halves)
        expect(check(bytes(`id,名\n1,\uFFFD😀\n2,x${half}\n`), chunk).problems).toContainEqual(
          expect.objectContaining(place),
        );
      const cut = bytes('id,名\n1,\uFFFD😀\n2,xy').subarray(0, -1);
      expect(check(cut, chunk).problems).toContainEqual(expect.objectContaining(place));
    }
  });

  it.each(['euc-jp', 'shift_jis'])('%s with a cut character is no Windows-1252', (encoding) => {
    const before = encode('id,名前,住所\n1,山田,東京都千代田区\n2,佐藤', encoding);
    // The first half of a character, and then a comma.
    const cut = encode('田', encoding).subarray(0, 1);
    const after = encode(',大阪府大阪市北区\n3,鈴木,ﾌｸｵｶ\n', encoding);
    const report = check(Buffer.concat([before, cut, after]));
    expect(report).toMatchObject({ encoding, ok: false });
    expect(report.problems).toContainEqual(expect.objectContaining({ code: 'InvalidEncoding', line: 3 }));
  });
});

describe('createUtf8Converter', () => {
  const text = 'id,名前\n1,ソ表十 髙橋①～ｱｲｳ\n2,abc\\¥|\n';
  it.each(['shift_jis', 'utf-16le', 'utf-16be', 'windows-1252', 'euc-jp'])(
    '%s, in any chunks',
    (encoding) => {
      const content =
        encoding === 'windows-1252'
          ? 'é,“ß”\n€,ÿ\n'
          : encoding === 'euc-jp'
            ? '名前,ソ表十\nｱｲｳ,x\n'
            : text.replace('¥', '');
      const bytes = encode(content, encoding);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), (sizes) => {
          const converter = createUtf8Converter(encoding);
          const out: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            out.push(converter.push(bytes.subarray(at, at + size)));
            at += size;
          }
          out.push(converter.end());
          expect(Buffer.concat(out).toString('utf8')).toBe(content);
        }),
        { numRuns: 30 },
      );
    },
  );

  it.each(['utf-16le', 'utf-16be'])('%s, whatever the units are', (encoding) => {
    const unit = fc.oneof(
      fc.constantFrom(0x0a, 0x2c, 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfeff, 0xffff),
      fc.integer({ min: 0, max: 0xffff }),
    );
    fc.assert(
      fc.property(fc.array(unit), fc.integer({ min: 1, max: 9 }), (units, size) => {
        const text = `a${String.fromCharCode(...units)}`;
        const bytes = Buffer.from(text, 'utf16le');
        if (encoding === 'utf-16be') bytes.swap16();
        const converter = createUtf8Converter(encoding);
        const out: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size)
          out.push(converter.push(bytes.subarray(at, at + size)));
        const [whole = '', ...parts] = text.split(/\p{Cs}/u);
        const expected = parts.flatMap((part) => [Buffer.from([0xff]), Buffer.from(part)]);
        expect(Buffer.concat([...out, converter.end()])).toEqual(
          Buffer.concat([Buffer.from(whole), ...expected]),
        );
      }),
    );
  });

  it('iso-2022-jp, in any chunks', () => {
    const bytes = Buffer.from('\x1b$BL>A0\x1b(B,x\n\x1b$B;3ED\x1b(B,1\n', 'latin1');
    for (let size = 1; size < 8; size++) {
      const converter = createUtf8Converter('iso-2022-jp');
      let out = '';
      for (let at = 0; at < bytes.length; at += size) {
        out += Buffer.from(converter.push(bytes.subarray(at, at + size))).toString();
      }
      expect(out + Buffer.from(converter.end()).toString()).toBe('名前,x\n山田,1\n');
    }
  });

  it.each(['shift_jis', 'euc-jp'])(
    '%s: each sequence of one byte and of two, as the decoder reads it',
    (encoding) => {
      const converter = createUtf8Converter(encoding, true);
      const decoder = new TextDecoder(encoding);
      const differ: string[] = [];
      for (let first = 0x80; first < 0x100; first++)
        for (let second = 0; second < 0x100; second++) {
          // Its own control characters are no concern of Node's decoder (see below).
          if ((second < 0x20 && second !== 0x0a) || second === 0x7f) continue;
          const bytes = Buffer.from([0x61, first, second, 0x2c, 0x62, 0x0a]);
          const text = Buffer.from(converter.push(bytes)).toString();
          if (text !== decoder.decode(bytes)) differ.push(bytes.toString('hex'));
        }
      expect(differ).toEqual([]);
    },
  );

  it.each(['shift_jis', 'euc-jp', 'gbk', 'big5', 'euc-kr', 'windows-1252', 'koi8-r'])(
    '%s, whatever the bytes, as the decoder reads them',
    (encoding) => {
      const byte = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }));
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.array(byte), (noise, text) => {
          // Node's decoder changes some control characters of Shift_JIS (see below).
          const bytes = Uint8Array.from([
            ...text,
            ...noise.filter((one) => one === 0x0a || (one >= 0x20 && one !== 0x7f)),
          ]);
          const decoder = new TextDecoder(encoding);
          const expected = decoder.decode(bytes, { stream: true }) + decoder.decode();
          const converter = createUtf8Converter(encoding, true);
          const first = Buffer.from(converter.push(bytes.subarray(0, text.length)));
          const rest = [first, converter.push(bytes.subarray(text.length)), converter.end()];
          expect(Buffer.concat(rest).toString()).toBe(expected);
        }),
      );
    },
  );

  it('Shift_JIS keeps the mark with which DOS ends a file', () => {
    const bytes = Buffer.from('\x83\\\n\x1a\x1c\x7f', 'latin1');
    expect(Buffer.from(createUtf8Converter('shift_jis').push(bytes)).toString()).toBe('ソ\n\x1a\x1c\x7f');
  });

  it('leaves UTF-8 as it is', () => {
    const bytes = Buffer.from('\uFEFFa\n\xff', 'latin1');
    expect(createUtf8Converter('utf-8').push(bytes)).toBe(bytes);
  });
});
