import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Block, pages, root, twinOf } from './pages.js';

// What users read to do something is in both languages: README, and what docs/README.md lists under Guides. References,
// which are generated or looked up by name, and pages for those who change mbc-flow are in English only.
// The Japanese pages say what the English say: the same headings, blocks and tables.
const pairs = pages.flatMap((page) => {
  const twin = pages.find(({ path }) => path === twinOf(page.path));
  return twin && /\.ja\.md$|^docs\/ja\//.test(twin.path) ? [{ path: page.path, page, twin }] : [];
});

/** Comments are written in the language of the page. */
const code = ({ language, text, file, stays }: Block) => ({
  language,
  file,
  stays,
  text: text.replace(/(^|[ \t]+)(?:#|\/\/) .*$/gm, ''),
});

test.each(pairs)('$path and its twin', ({ page, twin }) => {
  const levels = ({ headings }: typeof page) => headings.map(({ level }) => level);
  expect(levels(twin), twin.headings.map(({ title }) => title).join('\n')).toEqual(levels(page));
  expect(twin.blocks.map(code)).toEqual(page.blocks.map(code));
  expect(twin.blocks.map(({ reason }) => reason !== undefined)).toEqual(
    page.blocks.map(({ reason }) => reason !== undefined),
  );
  expect(twin.tables).toEqual(page.tables);
});

test.each(pairs)(
  '$twin.path: a space stands between Latin and Japanese, and one word for one thing',
  ({ twin }) => {
    const prose = twin.prose.replace(/<!--.*?-->/g, '').replace(/\]\([^)]*\)/g, ']');
    // What stands in code is not looked at.
    const words = prose.replace(/`[^`\n]*`/g, (code) => `\`${'x'.repeat(code.length - 2)}\``);
    const japanese = '[\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Han}ー]';
    const close = new RegExp(`.{0,8}(?:${japanese}[A-Za-z0-9\`]|[A-Za-z0-9\`%]${japanese}).{0,8}`, 'gu');
    expect(words.match(close) ?? []).toEqual([]);
    expect(
      words.match(/アプリケーション|端末|コンピュータ(?!ー)|サーバ(?!ー)|フォルダ(?!ー)/g) ?? [],
    ).toEqual([]);
  },
);

test('each guide has its Japanese twin, each twin its guide, and both indexes list every page', () => {
  const japanese = (path: string): boolean => /\.ja\.md$|^docs\/ja\//.test(path);
  const paths = pages.map(({ path }) => path);
  expect(paths.filter((path) => japanese(path) && !paths.includes(twinOf(path)))).toEqual([]);

  const index = pages.find(({ path }) => path === 'docs/README.md');
  const listed = (heading: string): string[] => {
    const section = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(
      index?.prose ?? '',
    );
    return [...(section?.[1] ?? '').matchAll(/\]\((\w[\w-]*\.md)\)/g)].map(([, link = '']) => `docs/${link}`);
  };
  const twins = paths.flatMap((path) => (path.startsWith('docs/ja/') ? [twinOf(path)] : []));
  expect(twins.sort()).toEqual(['docs/README.md', ...listed('Guides')].sort());

  // Those that are not packed are for who changes mbc-flow.
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const everywhere = readdirSync(join(root, 'docs')).flatMap((name) =>
    /\.md$/.test(name) && name !== 'README.md' && !files.includes(`!docs/${name}`) ? [`docs/${name}`] : [],
  );
  expect(['Guides', 'References', 'How it is built'].flatMap(listed).sort()).toEqual(everywhere.sort());
});
