import { createTwoFilesPatch } from 'diff';
import type { Change } from '../../scaffold/project.js';
import { paint } from '../text/paint.js';

/** What a plan would change, as `git diff` shows it. */
export function diffLines({ path, before, after }: Change, color: boolean): string[] {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const patch = createTwoFilesPatch(from, `b/${path}`, before ?? '', after, '', '', { context: 3 });
  const painter = paint(color);
  return patch
    .split('\n')
    .slice(1)
    .map((line) => {
      if (/^(---|\+\+\+)/.test(line)) return painter.bold(line.trimEnd());
      if (line.startsWith('@@')) return painter.cyan(line);
      if (line.startsWith('+')) return painter.green(line);
      return line.startsWith('-') ? painter.red(line) : line;
    });
}

/** One line a file. */
export function changeLines(changes: readonly Change[], color: boolean): string[] {
  const painter = paint(color);
  return changes.map(({ path, before }) =>
    before === undefined
      ? `  ${painter.green('created')}  ${path}`
      : `  ${painter.yellow('changed')}  ${path}`,
  );
}
