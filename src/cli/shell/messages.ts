import { unbroken, visible, visibleStyled } from '../../views/text/safe-text.js';
import type { Context, Terminal } from './context.js';
import type { OutputForm } from './printer.js';

type Stream = { write(text: string): unknown };

const pauseBetweenLines = 5_000;

/** Everything else to stderr. Under JSON output only -v speaks there, and the one error. */
export function createErr(
  options: { quiet: boolean; verbose: boolean; mode: OutputForm },
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
