import type { Line } from '../states/styled-lines.js';
import { oneLine } from '../text/safe-text.js';
import { foldedText } from './folded-text.js';
import { shortTime } from './lists.js';
import type { DeskState, DeskView } from './state.js';

/** What was done from here, each with its time, on as many lines as it takes. */
export function doneText({ done }: Pick<DeskState, 'done'>, { columns, ...look }: DeskView): Line[] {
  if (done.length === 0) return [[{ text: '' }], [{ text: '  Nothing was done from here yet.', dim: true }]];
  return done.flatMap(({ at, text, failed }) => {
    const time = `  ${shortTime(at, look)}  `;
    const lines = foldedText(oneLine(text), Math.max(8, columns - time.length));
    return lines.map(
      (line, index): Line => [
        { text: index === 0 ? time : ' '.repeat(time.length), dim: true },
        { text: line, ...(failed && { color: 'red' as const }) },
      ],
    );
  });
}
