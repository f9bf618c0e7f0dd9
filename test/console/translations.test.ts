import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { errorsJa } from '../../src/console/page/text/translations/errors.js';
import { happenedIn, unitsIn } from '../../src/console/page/text/translations/event-facts.js';
import { messages } from '../../src/console/page/text/translations/messages.js';
import { saidIn } from '../../src/console/page/text/translations/translate.js';
import { createCsvCheck } from '../../src/csv/check.js';
import { excerpt } from '../../src/csv/problems.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Where the target's gateways are made. */
const connecting = `src/wiring/${readdirSync(join(root, 'src/wiring'), { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('connect-target.ts'))}`;
const japanese = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;

test('every error of ours that the server can send has Japanese by its code', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/console/index.ts', connecting],
    bundle: true,
    write: false,
    outdir: 'unwritten',
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const sources = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/'));
  expect(sources.length).toBeGreaterThan(200);
  const codes = new Set(sources.flatMap((path) => codesIn(read(path))));
  expect(codes.size).toBeGreaterThan(60);
  expect([...codes].filter((code) => !Object.hasOwn(errorsJa, code)).sort()).toEqual([]);
});

/** The second argument of a FlowError, and the codes of what the server refuses before it asks anybody. */
function codesIn(text: string): string[] {
  const made = [...text.matchAll(/new FlowError\(\s*[\w.? :]+,\s*'([A-Z]\w+)'/g)];
  const refused = [...text.matchAll(/\b(?:code: |refused\(|make\(\s*exitCodes\.\w+,\s*)'([A-Z][A-Za-z]+)'/g)];
  return [...made, ...refused].map(([, code = '']) => code).filter((code) => !ofFindings.has(code));
}

/** What the check of a file finds is no error of a request. */
const ofFindings = new Set(
  [...read('src/csv/problems.ts').matchAll(/^ {2}(\w+): '(?:error|warning)'(?=,\n)/gm)].map(
    ([, code = '']) => code,
  ),
);

/** Files in which there is something to find, each with what it is read with. */
const files: [bytes: string | Buffer, options?: Parameters<typeof createCsvCheck>[0]][] = [
  [''],
  ['id,name\n'],
  ['\uFEFFid,name,,  x \u200b,"a\u200b"\n1,2\n1,2,3,4,5,6\n\n1, 2,3,4,5\r\n'],
  ['id,id\n1,2\n'],
  ['id,name\n1,"2\n'],
  ['id,name\n1,"2\\"\n'],
  ['id,name\n1,a\\b\n2,"x" y\n3,\\'],
  ['id,name\n1,a\0b\n'],
  ['sep=;\nid;name\n1;2\n\x1a'],
  ['id\tname\n1\t2\n'],
  ['id|name\n1|2\n'],
  ['id name\n1 2\n3 4\n'],
  ['id~name\n1~2\n2~3\n'],
  ['id;name\n1;2\n2;3\n', { delimiter: ',' }],
  [Buffer.from('69642c6e616d650a312c82e882f182b20a322c82dd82a982f12c780a', 'hex')],
  [Buffer.from('69642c6e616d650a312cff0a', 'hex'), { encoding: 'utf-8' }],
  [`${'x'.repeat(11_000)},name\n1,2\n`],
  [`id,name\n1,${'x'.repeat(300_000)}\n`],
  [`id,name\n1,"${'x'.repeat(9 * 2 ** 20)}"\n`],
  [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
  ['%PDF-1.7'],
  [Buffer.from('PK\x03\x04xl/', 'latin1')],
  [Buffer.from('PK\x03\x04', 'latin1')],
  [Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])],
];

test('every finding has Japanese, and names no flag of the terminal in either language', () => {
  const found = files.flatMap(([content, options]) => {
    const check = createCsvCheck(options);
    check.push(Buffer.from(content));
    return check.end().problems;
  });
  expect([...ofFindings].filter((code) => !found.some((one) => one.code === code))).toEqual([]);
  for (const { message } of found) {
    expect(saidIn(true, message).text, message).toMatch(japanese);
    for (const ja of [true, false]) expect(saidIn(ja, message).text).not.toMatch(/--\w/);
  }
});

test('every kind of file that is taken for CSV is named', () => {
  const kinds = [...read('src/csv/file-kind.ts').matchAll(/kind: '([^']+)'/g)].map(([, kind]) => kind);
  expect(kinds.length).toBeGreaterThan(15);
  for (const kind of kinds) expect(saidIn(true, `this is ${kind}`).text).toMatch(japanese);
});

describe('what to do about a failure, and what runs again', () => {
  for (const path of ['src/workflow/failure/advice.ts', 'src/workflow/history/redrive-plan.ts'])
    test(path, () => {
      const texts = sentencesIn(path);
      expect(texts.length).toBeGreaterThan(4);
      for (const text of texts) expect(saidIn(true, text).text, text).toMatch(japanese);
    });
});

/** What a file gives as `meaning` or `what`, or returns; `…` as 7 where something is filled in. */
function sentencesIn(path: string): string[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (!node) return;
    if (ts.isStringLiteral(node)) texts.push(node.text);
    else if (ts.isTemplateExpression(node))
      texts.push(node.head.text + node.templateSpans.map(({ literal }) => `7${literal.text}`).join(''));
    else if (ts.isConditionalExpression(node)) {
      take(node.whenTrue);
      take(node.whenFalse);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && /^(meaning|what)$/.test(node.name.getText())) take(node.initializer);
    if (ts.isReturnStatement(node)) take(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts.filter((text) => text.includes(' '));
}

test('a phrase is filled in with what it was about, in the order of the language', () => {
  expect(saidIn(true, '2 of 5 branches')).toEqual({ text: '5 ブランチ中 2 ブランチ' });
  const cell = excerpt('$1 --encoding');
  expect(saidIn(true, `${cell} has white space around it: AWS keeps it`).text).toContain(cell);
});

test('what others say stays as it is; where the code alone is known, the words of the server stand below', () => {
  expect(saidIn(true, 'Execution Does Not Exist', 'ExecutionDoesNotExist')).toEqual({
    text: 'Execution Does Not Exist',
  });
  expect(saidIn(true, 'steps must be a list of 1 to 200', 'BadRequest')).toEqual({
    text: errorsJa.BadRequest,
    original: 'steps must be a list of 1 to 200',
  });
  expect(saidIn(false, 'steps must be a list', 'BadRequest')).toEqual({ text: 'steps must be a list' });
  expect(saidIn(true, 'x', 'constructor')).toEqual({ text: 'x' });
});

test('no phrase is left of a message that nobody says any more', () => {
  const all = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('/translations/'))
    .map((path) => read(join('src', path)).replaceAll("\\'", "'"))
    .join('\n');
  for (const [text] of messages) {
    // The longest part that stands in one place.
    const [longest = ''] = text
      .split(/…|: (?=its status)| of (?=items|branches)| (?=\(yet\))|(?=; only)/)
      .sort((a, b) => b.length - a.length);
    expect(all).toContain(longest);
  }
});

test.each([
  ['item 3', '項目 3'],
  ['1 200 items', '1 200 項目'],
  ['mapRunArn arn:aws:states:x', 'マップ実行 arn:aws:states:x'],
  ['lambda:invoke  redriveCount 2', 'lambda:invoke  redrive 回数 2'],
  ['Error: item 3 is not there', 'Error: item 3 is not there'],
  ['constructor x', 'constructor x'],
])('what an event says of its own is Japanese, and not what others say: %s', (what, ja) => {
  expect(happenedIn(true, what)).toBe(ja);
  expect(happenedIn(false, what)).toBe(what);
});

test('the units of a note are Japanese', () => {
  expect(unitsIn(true, '12 ×  2.8 s')).toBe('12 ×  2.8 秒');
  expect(unitsIn(true, '1 min 3 s  失敗 2 件')).toBe('1 分 3 秒  失敗 2 件');
  expect(unitsIn(false, '75 ms')).toBe('75 ms');
});
