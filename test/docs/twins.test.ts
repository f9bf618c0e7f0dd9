import { expect, test } from 'vitest';
import { type Block, pages, twinOf } from './pages.js';

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
