import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// What the hand-written pages hold: README and docs/, and their Japanese twins in docs/ja.
export const root = join(import.meta.dirname, '../..');

export interface Block {
  page: string;
  line: number;
  language: string;
  /** Of the file that the block shows. */
  file?: string;
  /** From `<!-- not run: … -->` right before it. */
  reason?: string;
  /** `<!-- stays -->`: its command runs until the page ends. */
  stays: boolean;
  text: string;
}
export interface Page {
  path: string;
  text: string;
  /** Without its blocks. */
  prose: string;
  blocks: Block[];
  headings: { level: number; title: string }[];
  tables: { rows: number; columns: number }[];
}

const markdown = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

export const pages: Page[] = [...markdown('.'), ...markdown('docs'), ...markdown('docs/ja')]
  .filter((path) => /^README|^docs\//.test(path))
  .map((path) => pageOf(path, readFileSync(join(root, path), 'utf8')))
  .filter(({ text }) => !text.includes('<!-- Generated from'));

export function twinOf(path: string): string {
  if (!path.includes('/')) return path.replace(/(?:\.ja)?\.md$/, (end) => (end === '.md' ? '.ja.md' : '.md'));
  return path.startsWith('docs/ja/') ? path.replace('docs/ja/', 'docs/') : path.replace('docs/', 'docs/ja/');
}

export function pageOf(path: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: (Block & { lines: string[] }) | undefined;
  let comment = '';
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(\S*) ?(.*)$/.exec(line);
    if (open) {
      if (line === '```') {
        const { lines, ...block } = open;
        blocks.push({ ...block, text: lines.map((each) => `${each}\n`).join('') });
        open = undefined;
        comment = '';
      } else open.lines.push(line);
    } else if (fence) {
      const [, language = '', file] = fence;
      const reason = /^not run: (.+)$/.exec(comment)?.[1];
      open = {
        page: path,
        line: index + 1,
        language,
        ...(file && { file }),
        ...(reason && { reason }),
        stays: comment === 'stays',
        text: '',
        lines: [],
      };
    } else {
      prose.push(line);
      if (line.trim()) comment = /^<!-- (.+) -->$/.exec(line)?.[1] ?? '';
    }
  }
  if (open) throw new Error(`${path}:${open.line}: the block does not end`);
  const headings = prose.flatMap((line) => {
    const [, marks = '', title = ''] = /^(#+) (.+)$/.exec(line) ?? [];
    return marks ? [{ level: marks.length, title }] : [];
  });
  return { path, text, prose: prose.join('\n'), blocks, headings, tables: tablesOf(prose) };
}

function tablesOf(lines: string[]): { rows: number; columns: number }[] {
  const tables: { rows: number; columns: number }[] = [];
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('|')) continue;
    const columns = line.replaceAll('\\|', '').split('|').length - 2;
    const last = tables.at(-1);
    if (last && lines[index - 1]?.startsWith('|')) last.rows++;
    else tables.push({ rows: 1, columns });
  }
  return tables;
}

/** As GitHub makes them. */
export const anchorOf = (title: string): string =>
  title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
