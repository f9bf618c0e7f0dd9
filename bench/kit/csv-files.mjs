import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';

const japanese = (id) =>
  `${id},商品${id},${id * 3},東京都,${noteOf(id)},user${id}@example.com,2026-11-24T00:00:00Z,true\n`;
const noteOf = (id) => (id % 50 === 0 ? '"two\nlines, ""quoted"""' : id % 5 === 0 ? '"a, b"' : 'plain note');
const head = 'id,name,price,city,note,email,created,flag\n';

/** What is checked, by its name in the table; `encoding` is a WHATWG label. */
export const kinds = {
  'UTF-8': { head, row: japanese },
  quoted: {
    head: '"id","name","price","city","note"\n',
    row: (id) => `"${id}","商品${id}","${id * 3}","東京都","a ""b"" c"\n`,
  },
  Shift_JIS: { head, row: japanese, encoding: 'shift_jis' },
  'EUC-JP': { head, row: japanese, encoding: 'euc-jp' },
  // Half as many characters in as many bytes, of which papaparse has strings at once.
  'UTF-16': { head: `\uFEFF${head}`, row: japanese, encoding: 'utf-16le', aim: 0.7 },
  ASCII: {
    head,
    row: (id) => `${id},product ${id},${id * 3},Tokyo,plain note,user${id}@example.com,2026-11-24,true\n`,
  },
  'rows of 6 bytes': { head: 'a,b,c\n', row: (id) => `${id % 10},${id % 7},b\n` },
};

const encode = (text, encoding = 'utf-8') => iconv.encode(text, encoding, { addBOM: false });

export async function writeCsv(file, { head, row, encoding }, megabytes) {
  await pipeline(function* () {
    let text = head;
    for (let id = 1, bytes = 0; bytes < megabytes * 1e6; id++) {
      text += row(id);
      if (text.length < 1 << 18) continue;
      const chunk = encode(text, encoding);
      bytes += chunk.length;
      yield chunk;
      text = '';
    }
    yield encode(text, encoding);
  }, createWriteStream(file));
}
