import { unbroken, visible, visibleJson, visibleStyled } from '../../views/text/safe-text.js';
import type { Context, Terminal } from './command.js';

type Stream = { write(text: string): unknown };

const pauseBetweenLines = 5_000;

/** Results to stdout: text or JSON, never both. `shown` is told of each line. */
export function createOut(
  mode: Context['output'],
  stdout: Stream,
  isTTY: boolean,
  shown: () => void = () => {},
): Context['out'] {
  return {
    line(text = '') {
      if (mode !== 'text') return;
      shown();
      stdout.write(`${visibleStyled(text)}\n`);
    },
    clear() {
      if (mode === 'text' && isTTY) stdout.write('\u001b[H\u001b[2J\n');
    },
    json(value) {
      // Indented for a person only; a script reads lines.
      if (mode !== 'text') {
        const text = JSON.stringify(value, null, mode === 'json' && isTTY ? 2 : 0);
        stdout.write(`${visibleJson(text)}\n`);
      }
    },
  };
}

/** Everything else to stderr. Under JSON output only -v speaks there, and the one error. */
export function createErr(
  options: { quiet: boolean; verbose: boolean; mode: Context['output'] },
  stderr: Stream,
  terminal: Terminal,
  now: () => number,
  onShown: () => void = () => {},
): Context['err'] {
  const silent = options.quiet || options.mode !== 'text';
  let shown = '';
  let lastLine = now();
  const clear = (): void => {
    if (shown !== '') stderr.write('\r\u001b[K');
  };
  const above = (text: string): void => {
    onShown();
    clear();
    stderr.write(`${visibleStyled(text)}\n`);
    if (shown !== '') stderr.write(shown);
  };
  return {
    notice(text) {
      if (!silent) above(text);
    },
    progress(text) {
      if (silent) return;
      if (terminal.stderrIsTTY) {
        clear();
        if (text !== visible(shown)) onShown();
        shown = cut(unbroken(text), terminal.columns - 1);
        stderr.write(shown);
      } else if (text !== '' && now() - lastLine >= pauseBetweenLines) {
        lastLine = now();
        onShown();
        stderr.write(`${unbroken(text)}\n`);
      }
    },
    verbose(text) {
      if (options.verbose) above(`· ${text}`);
    },
  };
}

/** A progress line is of our own making: one column a character, except for wide characters in file names. */
function cut(text: string, columns: number): string {
  let width = 0;
  let result = '';
  for (const character of text) {
    width += (character.codePointAt(0) ?? 0) > 0x1100 ? 2 : 1;
    if (width > columns) break;
    result += character;
  }
  return result;
}
