import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openZip } from '../../src/files/open-zip.js';
import { directory } from '../cli/world.js';
import { type ZipEntry, zipOf } from '../stand-in/zip-file.js';

async function open(entries: ZipEntry[] | Buffer) {
  const cwd = directory();
  writeFileSync(join(cwd, 'x.zip'), Buffer.isBuffer(entries) ? entries : zipOf(entries));
  return await openZip(cwd, 'x.zip', (close) => onTestFinished(() => close()));
}

const csv = 'id,name\n1,a\n';

test('the files in the order of their names, each read as often as one likes; folders and macOS’s own are none', async () => {
  const files = await open([
    { name: '__MACOSX/._b.csv', text: 'x' },
    { name: 'folder/', text: '' },
    { name: 'folder/b.csv', text: `${csv}2,商品\n` },
    { name: 'a.csv', text: csv },
  ]);
  expect(files.map(({ path, name }) => [path, name])).toEqual([
    ['x.zip!/a.csv', 'a.csv'],
    ['x.zip!/folder/b.csv', 'b.csv'],
  ]);
  for (let times = 0; times < 2; times++) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of files[1]?.read() ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(`${csv}2,商品\n`);
  }
});

test('names as the packers of Windows in Japan and of macOS write them, who do not say how', async () => {
  const windows = Uint8Array.of(0x94, 0x84, 0x8f, 0xe3, 0x95, 0x5c); // 売上表; its last byte is a backslash
  const files = await open([
    { name: Buffer.concat([windows, Buffer.from('.csv')]), text: csv },
    { name: Buffer.from('データ/が.csv'.normalize('NFD')), text: csv },
    { name: Uint8Array.of(0x63, 0x61, 0x66, 0x82, 0x2e, 0x63, 0x73, 0x76), text: csv },
    { name: '商品.csv', text: csv },
  ]);
  expect(files.map(({ path }) => path).sort()).toEqual([
    'x.zip!/café.csv',
    'x.zip!/データ/が.csv',
    'x.zip!/商品.csv',
    'x.zip!/売上表.csv',
  ]);
});

test.each<[string, ZipEntry[] | Buffer, RegExp]>([
  ['what is no ZIP', Buffer.from(csv), /^the file is not a ZIP file, or it is incomplete$/],
  [
    'one that is cut off',
    zipOf([{ name: 'a.csv', text: csv }]).subarray(0, -10),
    /is not a ZIP file, or it is incomplete/,
  ],
  ['an empty one', [], /contains no CSV file/],
  ['an encrypted file', [{ name: 'a.csv', text: csv, flags: 1 }], /encrypted/],
  ['an archive in it', [{ name: 'a.zip', text: csv }], /archives inside a ZIP/],
  ['another kind of file', [{ name: 'readme.txt', text: csv }], /not a CSV file/],
  ['a path out of it', [{ name: '../a.csv', text: csv }], /a path outside its folder: \.\.\/a\.csv/],
  ['an absolute path', [{ name: '/etc/a.csv', text: csv }], /a path outside its folder: \/etc\/a\.csv/],
  ['a name with a backslash', [{ name: '..\\a.csv', text: csv }], /characters or path parts/],
  ['a name with a control character', [{ name: 'a\u001b[31m.csv', text: csv }], /characters or path parts/],
  [
    'a name that turns its letters round',
    [{ name: 'a\u202evsc.csv', text: csv }],
    /characters or path parts/,
  ],
  [
    'two of one name',
    [
      { name: 'a.csv', text: csv },
      { name: 'b/a.csv', text: csv },
    ],
    /same name/,
  ],
  ['a bomb', [{ name: 'a.csv', text: csv, size: 2 ** 31 }], /would unpack to 2147483648/],
])('%s is refused', async (_, entries, message) => {
  await expect(open(entries)).rejects.toMatchObject({
    exitCode: 2,
    code: 'ZipRefused',
    message: expect.stringMatching(message),
  });
});

test('a file that unpacks to more than it says ends with an error, not with the memory', async () => {
  const [file] = await open([{ name: 'a.csv', text: csv.repeat(1_000), size: 20 }]);
  const read = async (): Promise<void> => {
    for await (const _ of file?.read() ?? []);
  };
  await expect(read()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/cannot be unpacked/),
  });
});
