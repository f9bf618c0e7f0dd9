import { exitCodes, FlowError } from '../../errors.js';
import type { Rehearsal } from '../../operations/rehearsal/rehearse-execution.js';
import { stepLines, stepTo } from '../../views/rehearsal/step.js';
import type { Context } from '../shell/context.js';

/** @throws FlowError 2 where there is no terminal to go through it */
export function refuseWithoutTerminal({ screen, terminal }: Context): void {
  if (screen && terminal.stdinIsTTY) return;
  throw new FlowError(exitCodes.usage, 'NoTerminal', '--step needs a terminal, and text output', {
    where: '--step',
    hint: 'the same command without --step, or with -o json',
  });
}

/** A key: a character, or the sequence that a terminal sends for an arrow. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how they begin
const KEY = /\u001b\[[A-D]|[\s\S]/gu;

/** Shows a rehearsal state by state, as the keys go, until one leaves. */
export async function stepThrough(context: Context, rehearsal: Rehearsal): Promise<void> {
  const { out, terminal, stdin, signal } = context;
  const { steps } = rehearsal.ways;
  let at: number | undefined = 0;
  const show = (index: number): void => {
    out.clear();
    for (const line of stepLines(rehearsal, index, terminal)) out.line(line);
  };
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  stdin.setRawMode(true);
  try {
    show(at);
    for await (const chunk of stdin) {
      for (const [key] of String(chunk).matchAll(KEY)) {
        at = stepTo(key, at, steps);
        if (at === undefined) return;
        show(at);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stdin.setRawMode(false);
    out.clear();
  }
}
