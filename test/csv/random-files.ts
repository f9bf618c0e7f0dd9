import iconv from 'iconv-lite';
import type { Delimiter } from '../../src/csv/dialect.js';

/** A file as people's programs write them, and what is true of it. */
export interface RandomFile {
  bytes: Buffer;
  text: string;
  /** WHATWG label. */
  encoding: string;
  bom: boolean;
  delimiter: Delimiter;
  columns: string[];
  rows: number;
  newline: string;
}

const words = {
  ascii: 'id,code,name,price,qty,note,Tea,Coffee,user@example.com,A-001,2026-11-24,12:30,true,null,N/A'.split(
    ',',
  ),
  japanese:
    '商品,商品コード,商品名,単価,数量,備考,緑茶,麦茶,髙島屋,①,東京都千代田区,ﾊﾝｶｸ,ｶﾅ,山田 太郎,株式会社あおぞら,ｼﾞｭｰｽ,～,りんごジュース,サプリメント（大）'.split(
      ',',
    ),
  /** What EUC-JP and ISO-2022-JP have too. */
  plainJapanese:
    '商品,商品コード,商品名,単価,数量,備考,緑茶,麦茶,高島屋,東京都千代田区,カナ,山田 太郎,株式会社あおぞら,りんごジュース,サプリメント'.split(
      ',',
    ),
  western:
    'Straße,Größe,prénom,Élodie,Müller,naïve café,preço,maçã,São João,5 €,“Hello”,señor,Ångström,£ 12'.split(
      ',',
    ),
};

const kinds: { encoding: string; iconv: string; bom: boolean; words: keyof typeof words }[] = [
  { encoding: 'utf-8', iconv: 'utf-8', bom: false, words: 'japanese' },
  { encoding: 'utf-8', iconv: 'utf-8', bom: true, words: 'japanese' },
  { encoding: 'utf-8', iconv: 'utf-8', bom: false, words: 'western' },
  { encoding: 'utf-8', iconv: 'utf-8', bom: false, words: 'ascii' },
  { encoding: 'utf-16le', iconv: 'utf-16le', bom: true, words: 'japanese' },
  { encoding: 'utf-16be', iconv: 'utf-16be', bom: true, words: 'japanese' },
  { encoding: 'utf-16le', iconv: 'utf-16le', bom: false, words: 'japanese' },
  { encoding: 'shift_jis', iconv: 'cp932', bom: false, words: 'japanese' },
  { encoding: 'shift_jis', iconv: 'cp932', bom: false, words: 'plainJapanese' },
  { encoding: 'euc-jp', iconv: 'euc-jp', bom: false, words: 'plainJapanese' },
  { encoding: 'windows-1252', iconv: 'windows-1252', bom: false, words: 'western' },
];

/** Cells with what separates cells elsewhere. */
const others = [
  '1,50',
  '1,234,567',
  'a;b',
  'x|y',
  'https://example.com/?a=1;b=2&c=3',
  '10:00 - 11:30',
  'Tokyo, Japan',
  '{"a":1,"b":[2,3]}',
  "it's",
  '<b>x</b>',
  '0.5 %',
  '#1',
  'a\tb',
];

/** @param random a number in [0, 1) */
export function randomFile(random: () => number): RandomFile {
  const below = (count: number): number => Math.floor(random() * count);
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;

  const kind = pick(kinds);
  const delimiter = pick([',', ',', ',', '\t', ';', '|', ' '] as const);
  const newline = pick(['\n', '\r\n', '\r\n', '\r'] as const);
  const quoting = pick(['minimal', 'all', 'some'] as const);
  const nasty = chance(0.5);
  const width = 1 + below(8);
  const ragged = width > 1 && chance(0.3);
  const own = words[kind.words];
  const empty = pick([0, 0.1, 0.3]);
  /** In some files hardly a cell is not ASCII. */
  const plain = pick([0.5, 0.5, 0.97]);
  const cell = (): string => {
    const dice = random();
    if (dice < empty) return '';
    if (dice < 0.35) return String(below(100_000));
    if (dice < plain) return pick(chance(0.7) ? words.ascii : others);
    const text = pick(own);
    if (!nasty || chance(0.8)) return text;
    return pick([
      `${text}${delimiter}${text}`,
      `${text}"${text}"`,
      `${text}${newline}${text}`,
      ` ${text} `,
      `${text}, ${text}; ${text} | ${text}`,
      `"${text}`,
    ]);
  };
  const written = (text: string): string => {
    const must = text.includes(delimiter) || /["\r\n]/.test(text);
    const quoted = must || quoting === 'all' || (quoting === 'some' && chance(0.3));
    return quoted ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const named = chance(0.3) ? words.ascii : own;
  const columns = Array.from({ length: width }, (_, index) => `${pick(named)}${index + 1}`);
  const rows = 1 + below(chance(0.5) ? 4 : chance(0.97) ? 60 : 3_000);
  const lines = [columns.map(written).join(delimiter)];
  for (let row = 0; row < rows; row++) {
    const off = ragged && chance(0.2) ? below(3) - 1 : 0;
    const cells = Array.from({ length: Math.max(1, width + off) }, cell);
    // A line of nothing is a blank line.
    if (cells.length === 1 && cells[0] === '') cells[0] = '0';
    lines.push(cells.map(written).join(delimiter));
    if (nasty && chance(0.05)) lines.push('');
  }
  const text = lines.join(newline) + (chance(0.8) ? newline : '');
  const bytes = iconv.encode(text, kind.iconv, { addBOM: kind.bom });
  const isAscii = /^[\0-\x7f]*$/.test(text) && !kind.encoding.startsWith('utf-16');
  return {
    bytes,
    text,
    encoding: isAscii ? 'utf-8' : kind.encoding,
    bom: kind.bom,
    delimiter: width === 1 ? ',' : delimiter,
    columns,
    rows,
    newline,
  };
}
