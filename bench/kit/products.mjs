import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Writes a CSV of `rows` products: numbers, Japanese, quoted cells. */
export async function writeProducts(file, rows) {
  await pipeline(function* () {
    yield 'id,name,price,city,note\n';
    for (let id = 1; id <= rows; id++) {
      const note = id % 7 === 0 ? '"a, ""b"""' : 'plain';
      yield `p${id},商品${id},${(id * 37) % 10_000},東京都千代田区,${note}\n`;
    }
  }, createWriteStream(file));
}
