import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.js';
import { complaints } from './compiled.js';
import { masked, shows } from './masked.js';
import { anchorOf, type Block, pages, root } from './pages.js';
import { linesOf, Terminal } from './shell.js';

// Every block of the hand-written pages is run, read or compiled; one that can't be says why right before it.
const counts = { run: 0, lines: 0, compared: 0, read: 0, compiled: 0 };
const leftOut = new Map<string, number>();
const languages = new Set([
  'sh',
  'console',
  'json',
  'ndjson',
  'yaml',
  'csv',
  'js',
  'ts',
  'mjs',
  'text',
  'ini',
]);

afterAll(() => {
  const reasons = [...leftOut].map(([reason, count]) => `\n    ${count} × ${reason}`).join('');
  const { run, lines, compared, read, compiled } = counts;
  process.stderr.write(
    `docs: ${run} shell blocks run (${lines} lines, ${compared} outputs compared), ${read} files read, ` +
      `${compiled} compiled; left out:${reasons || ' none'}\n`,
  );
});

/** The Japanese page holds the blocks of its twin (twins.test.ts), which run there. */
const original = pages.filter(({ path }) => !/\.ja\.md$|^docs\/ja\//.test(path));

for (const { path, blocks } of original)
  test(`${path}: its blocks`, async () => {
    const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'mbc-flow-docs-')));
    const terminal = new Terminal(cwd);
    onTestFinished(async () => {
      await terminal.close();
      rmSync(cwd, { recursive: true, force: true, maxRetries: 3 });
    });
    for (const block of blocks) {
      if (block.reason) leftOut.set(block.reason, (leftOut.get(block.reason) ?? 0) + 1);
      else if (/^(?:sh|console)$/.test(block.language)) await runs(block, terminal);
      else holds(block, cwd);
    }
  });

async function runs(block: Block, terminal: Terminal): Promise<void> {
  counts.run++;
  for (const { command, shown } of linesOf(block)) {
    const where = `${block.page}:${block.line}: ${command}`;
    counts.lines++;
    if (shown) counts.compared++;
    const page = masked(shown ?? '', terminal.cwd);
    if (block.stays) {
      const all = page.split('\n');
      await terminal.stay(command, (written) =>
        all.every((line) => masked(written, terminal.cwd).includes(line)),
      );
      continue;
    }
    const { code, stdout, stderr } = await terminal.run(command);
    if (shown) {
      const written = [stdout, stderr, stderr + stdout, stdout + stderr].map((text) =>
        masked(text, terminal.cwd),
      );
      if (!written.some((text) => shows(page, text)))
        expect(masked(stderr + stdout, terminal.cwd), where).toBe(page);
    } else {
      expect(code, `${where}\n${stderr}${stdout}`).toBe(0);
      // In a console block, no output shown is no output.
      if (shown === '') expect(stdout, where).toBe('');
    }
  }
}

/** A file that the page shows is there for the commands below it. */
function holds(block: Block, cwd: string): void {
  const where = `${block.page}:${block.line}`;
  const { language, file, text } = block;
  expect(languages, where).toContain(language);
  if (file) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  if (/^(?:js|ts|mjs)$/.test(language)) return;
  counts.read++;
  if (language === 'json') expect(() => JSON.parse(text), where).not.toThrow();
  else if (language === 'ndjson')
    expect(
      () =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      where,
    ).not.toThrow();
  else if (language === 'yaml') expect(() => parse(text), where).not.toThrow();
  else expect(file, `${where}: a block that is neither run nor read names its file or says why`).toBeTruthy();
  if (file === 'mbc-flow.json') expect(() => readConfig(cwd), where).not.toThrow();
}

test('TypeScript and JavaScript blocks pass the type checker', () => {
  const code = original.flatMap(({ blocks }) =>
    blocks.filter(({ language, reason }) => !reason && /^(?:js|ts|mjs)$/.test(language)),
  );
  counts.compiled += code.length;
  expect(complaints(code)).toEqual([]);
});

test.each(pages)('$path: no block hides in indentation, and links lead somewhere', (page) => {
  const hidden = page.prose
    .split('\n')
    .filter((line, index, all) => /^ {4}\S/.test(line) && !all[index - 1]?.trim());
  expect(hidden).toEqual([]);
  const broken = [...page.prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [target = '', anchor] = link.split('#');
    const path = target ? join(dirname(page.path), target) : page.path;
    if (!existsSync(join(root, path))) return [link];
    if (!anchor) return [];
    const known = pages.find((each) => each.path === path);
    return known && !known.headings.some(({ title }) => anchorOf(title) === anchor) ? [link] : [];
  });
  expect(broken).toEqual([]);
});
