import { oneLine } from './safe-text.js';

/** What a terminal shows as a notification of the desktop: OSC 777, else OSC 9. Through tmux, if there is one. */
export function desktopSequence(
  title: string,
  body: string,
  env: Record<string, string | undefined>,
): string {
  const word = (text: string): string => oneLine(text).replaceAll(';', ',').slice(0, 200);
  const named = env.VTE_VERSION !== undefined || /rxvt|foot|ghostty|contour/.test(env.TERM ?? '');
  const sequence = named
    ? `\u001b]777;notify;${word(title)};${word(body)}\u0007`
    : `\u001b]9;${word(title)}: ${word(body)}\u0007`;
  return env.TMUX === undefined
    ? sequence
    : `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
}
