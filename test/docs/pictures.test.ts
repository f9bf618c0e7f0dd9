import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { pictureFiles } from '../../scripts/pictures/list.mjs';
import { Screen } from '../../scripts/pictures/screen.mjs';
import { svgOf } from '../../scripts/pictures/svg.mjs';
import { pages, root } from './pages.js';

// The pictures that `npm run pictures` makes, and where they are shown. They are not packed (test/e2e/package.test.ts).
const folder = join(root, 'docs/pictures');
const shownIn = (japanese: boolean): string[] => {
  const texts = pages.filter(({ path }) => /\.ja\.md$|^docs\/ja\//.test(path) === japanese);
  const links = texts.flatMap(({ prose }) => [...prose.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)]);
  return [...new Set(links.map(([, link = '']) => basename(link)))].sort();
};

test('what the script makes is what is there, and what the pages show in both languages', () => {
  expect(readdirSync(folder).sort()).toEqual(pictureFiles);
  expect(shownIn(false)).toEqual(pictureFiles);
  expect(shownIn(true)).toEqual(pictureFiles);
});

test.each(pictureFiles)('%s is small', (file) => {
  expect(statSync(join(folder, file)).size).toBeLessThan(file.endsWith('.svg') ? 60_000 : 200_000);
});

test('a screen is what a terminal shows: overwritten, erased, wrapped, and back from the whole screen', () => {
  const screen = new Screen(10);
  screen.write('one\r\ntwo\r\n\x1b[2A\x1b[2KONE\x1b[2E');
  expect(screen.text()).toBe('ONE\ntwo');
  screen.write('りんごりんご\r\n\x1b[?1049hdesk\x1b[5Gx');
  expect(screen.text()).toBe('deskx');
  screen.write('\x1b[?1049l');
  expect(screen.text()).toBe('ONE\ntwo\nりんごりん\nご');
});

test('an SVG keeps the columns of words, wide characters and styles', () => {
  const lines = new Screen(40).write('\x1b[31mFAILED\x1b[39m  <りんご> \x1b[1ma b\x1b[22m').shown();
  const drawn = [
    ...svgOf(lines, { columns: 40, title: 'x' }).matchAll(/<text x="([\d.]+)"([^>]*)>(.*)<\/text>/g),
  ];
  expect(drawn.map(([, x, , text]) => [Math.round((Number(x) - 16) / 8.4), text])).toEqual([
    [0, 'FAILED'],
    [8, '&lt;'],
    [9, 'りんご'],
    [15, '>'],
    [17, 'a b'],
  ]);
  expect(drawn[0]?.[2]).toContain('fill="#cf222e"');
  expect(drawn[4]?.[2]).toContain('font-weight="bold"');
});
