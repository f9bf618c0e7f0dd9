import { expect, test } from 'vitest';
import { demoLines } from '../../../src/views/project/demo.js';
import { widthOf } from '../../../src/views/text/width.js';

test('what the demo shows fits a terminal of 80 columns', () => {
  const rows = [
    { id: 'P-0004', 商品名: 'ブレンドコーヒー豆 200g', 備考: '中煎り 挽き方はご注文時に '.repeat(3) },
  ];
  const look = { stdoutIsTTY: true, columns: 80, utc: false, flagsForHints: '' };
  const lines = demoLines(rows, 's3://local-bucket/imported/products/…', look);
  expect(lines.join('\n')).toContain('P-0004  ブレンドコーヒー豆 200g  中煎り');
  expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
});
