import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { zipOf } from '../../stand-in/zip-file.js';
import { axeFindings, browserTest, openPage, type Served, suiteDev } from './harness.js';

let dev: Served;

suiteDev((started) => {
  dev = started;
});

const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.isBuffer(text) ? text : Buffer.from(text),
});

const choose = async (page: Page, chosen: ReturnType<typeof file>): Promise<void> =>
  await page.locator('input[type=file]').setInputFiles(chosen);

const twoBad = 'id,name,price\n1,りんご,100\n,みかん,80\n3,!fail 在庫がありません,5\n4,ぶどう,400\n';

browserTest('two bad rows are found, corrected and imported again in five clicks', async () => {
  const page = await openPage(await dev.link('/imports'));
  let clicks = 1;
  const click = async (name: string): Promise<void> => {
    clicks++;
    await page.getByRole('button', { name, exact: true }).click();
  };
  // The first click opens the browser's own dialog of files.
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await (await chooser).setFiles(file('商品.csv', twoBad));
  await page.getByText('Good to import').waitFor();
  await click('Import…');
  await page.getByText(/s3:\/\/local-bucket\/.*商品\.csv/).waitFor();
  await page.getByText('4 rows into 商品').waitFor();
  await click('Start import');
  await page.getByText('2 imported, 2 failed').waitFor();
  expect(await page.getByLabel('2 imported, 2 failed').getAttribute('value')).toBe('0.5');
  expect(await page.getByRole('listitem').filter({ hasText: 'id is empty' }).textContent()).toContain(
    'line 3',
  );
  const address = page.url();
  await page.getByLabel('id, line 3').fill('2');
  await page.getByLabel('name, line 4').fill('梨 "大", 秋');
  await click('Import corrected rows…');
  await click('Start import');
  await page.waitForURL((url) => url.href !== address);
  await page.getByText('2 imported, 0 failed').waitFor();
  expect(clicks).toBe(5);
  // What was corrected stands there as it was typed.
  await page.getByRole('link', { name: 'Map run' }).click();
  await page.getByText('2 of 2 items').waitFor();
});

browserTest('the findings stand in the rows, and the file is read as somebody says', async () => {
  const page = await openPage(await dev.link('/imports'));
  const shiftJis = Buffer.from('69642c6e616d650a312c82e882f182b20a322c82dd82a982f12c780a', 'hex');
  await choose(page, file('sjis.csv', shiftJis));
  await page.getByRole('cell', { name: 'りんご' }).waitFor();
  expect(await page.getByLabel('Encoding').inputValue()).toBe('shift_jis');
  const row = page.getByRole('row', { name: /みかん/ });
  expect(await row.textContent()).toContain('AWS drops "x"');
  await page.getByLabel('Encoding').selectOption('euc-jp');
  await page.getByRole('cell', { name: 'りんご' }).waitFor({ state: 'detached' });
  await page.getByLabel('Encoding').selectOption('shift_jis');
  await page.getByRole('cell', { name: 'りんご' }).waitFor();
  await page.getByLabel('First line is the header').uncheck();
  await page.getByText('3 rows, 2 columns').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await choose(page, file('broken.csv', 'id,id\n1,"2\n'));
  await page.getByText('Cannot be imported').waitFor();
  expect(await page.getByRole('button', { name: 'Import…' }).isDisabled()).toBe(true);
});

browserTest(
  'failed rows are downloaded with their reasons; the same rows a second time are said to be so',
  async () => {
    const page = await openPage(await dev.link('/imports'));
    await choose(page, file('商品.csv', twoBad));
    await page.getByRole('button', { name: 'Import…' }).click();
    await page.getByText('The same rows were imported before').waitFor();
    await page.getByRole('button', { name: 'Start import' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download failed rows' }).click();
    const got = await download;
    expect(got.suggestedFilename()).toBe('商品-failed.csv');
    const saved = join(mkdtempSync(join(tmpdir(), 'saved-')), 'failed.csv');
    await got.saveAs(saved);
    expect(await readFile(saved, 'utf8')).toBe(
      'id,name,price,reason\n,みかん,80,id is empty\n3,!fail 在庫がありません,5,在庫がありません\n',
    );
  },
);

browserTest('a ZIP is checked file by file, and each of them is an import of its own', async () => {
  const zip = zipOf([
    { name: '20260101093000-products.csv', text: 'id,name\n1,a\n,b\n' },
    { name: '20260102093000-商品.csv', text: 'id,name\n2,c\n' },
  ]);
  const page = await openPage(await dev.link('/imports'));
  await choose(page, file('月次.zip', zip));
  await page.getByText('2 files, 3 rows').waitFor();
  expect(await page.locator('summary').allTextContents()).toEqual([
    '20260101093000-products.csv 2 rows, 2 columns',
    '20260102093000-商品.csv 1 row, 2 columns',
  ]);
  await page.getByRole('button', { name: 'Import…' }).click();
  await page.getByRole('button', { name: 'Start import' }).click();
  await page.getByRole('heading', { name: '月次.zip' }).waitFor();
  await page.getByText('2 imported, 1 failed').waitFor();
  await page.getByRole('link', { name: '20260101093000-products.csv' }).click();
  await page.getByText('1 imported, 1 failed').waitFor();
  expect(await page.getByLabel('name, line 3').inputValue()).toBe('b');
});

for (const colorScheme of ['light', 'dark'] as const)
  browserTest(`axe finds nothing on the check, the result and a telephone (${colorScheme})`, async () => {
    const page = await openPage(await dev.link('/imports'), {
      colorScheme,
      locale: 'ja-JP',
      viewport: { width: 360, height: 740 },
    });
    await choose(page, file(`${colorScheme}.csv`, `${twoBad}9,余分,1,2\n`));
    await page.getByText('インポートできます').waitFor();
    // What the check says is Japanese, what the file says as it is.
    await page.getByRole('list', { name: 'チェック結果' }).getByText('AWS は "2" を取り込みません').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByRole('button', { name: 'インポート…' }).click();
    await page.getByRole('button', { name: 'インポートを開始' }).click();
    await page.getByText('取り込み 3 行・失敗 2 行').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

browserTest('where no app keeps records, the page says what is not listed, and where it is', async () => {
  const page = await openPage(await dev.link('/imports'), { locale: 'ja-JP' });
  await page.getByText('コマンドラインで実行したインポートは、ここには表示されません。').waitFor();
  await page.getByRole('link', { name: 'その実行を表示' }).click();
  await page.waitForURL(/\/executions\?machine=import-csv$/);
});
