import { jsonText, parseWritten } from '../../json/lossless.js';
import type { Rehearsal } from '../../operations/rehearsal/rehearse-execution.js';
import type { ComparedStep, WayStep } from '../../workflow/rehearsal/compare-ways.js';
import { placeText } from '../../workflow/rehearsal/step-place.js';
import { paint } from '../text/paint.js';
import { unbroken } from '../text/safe-text.js';
import { padded, truncate, widthOf } from '../text/width.js';
import { differenceLines, type RehearsalLook, resultText, standings } from './rehearsal.js';

const stepKeys = 'n next  b back  d next difference  g first  G last  q leaves';

/** Where a key leads from one step; undefined: out. */
export function stepTo(key: string, at: number, steps: readonly ComparedStep[]): number | undefined {
  const last = Math.max(0, steps.length - 1);
  switch (key) {
    case 'n':
    case ' ':
    case '\r':
    case '\n':
    case '\u001b[C':
    case '\u001b[B':
      return Math.min(last, at + 1);
    case 'b':
    case '\u007f':
    case '\u001b[D':
    case '\u001b[A':
      return Math.max(0, at - 1);
    case 'd': {
      const next = steps.findIndex(({ standing }, index) => index > at && standing !== 'same');
      return next < 0 ? last : next;
    }
    case 'g':
      return 0;
    case 'G':
      return last;
    // Ctrl-C and Ctrl-D are keys to a terminal that gives each of them.
    case 'q':
    case '\u0003':
    case '\u0004':
    case '\u001b':
      return undefined;
    default:
      return at;
  }
}

/** One visit of a state, its data visible. @param rows that a terminal has */
export function stepLines(
  { ways, missing }: Rehearsal,
  at: number,
  look: RehearsalLook & { rows: number },
): string[] {
  const ink = paint(look.color);
  const step = ways.steps[at];
  if (!step) return ['No state was entered.'];
  const { place, type, standing, before, after, difference } = step;
  const { mark, word, ink: color } = standings[standing];
  const lines = [
    `${ink.dim(`${at + 1} of ${ways.steps.length}`)}  ${ink[color](`${mark} ${word}`)}`,
    `${ink.bold(unbroken(placeText(place)))}  ${type}`,
    '',
  ];
  const visit = after ?? before;
  const sections = visit ? dataOf(visit) : [];
  const foot: string[] = [];
  if (missing && missing.place.stateName === place.stateName && standing !== 'notReached')
    foot.push(ink.yellow('  the history has no answer for it: here it stops'));
  if (difference) foot.push('', ink.bold('Different from then'), ...differenceLines(difference, look, ink));
  if (standing === 'changed')
    foot.push(`  ${ink.dim(padded('then', 7))} ${truncate(unbroken(resultText(before)), look.columns - 10)}`);
  const room = Math.max(
    3,
    Math.floor((look.rows - lines.length - foot.length - 3) / Math.max(1, sections.length)),
  );
  for (const [name, text] of sections) {
    const all = indented(text);
    const shown = all.length > room ? inLines(text, room, look.columns - 10) : all;
    for (const [index, line] of shown.entries())
      lines.push(
        `  ${ink.dim(padded(index === 0 ? name : '', 7))} ${truncate(unbroken(line), look.columns - 10)}`,
      );
  }
  return [...lines, ...foot, '', ink.dim(truncate(stepKeys, look.columns))];
}

function dataOf({ input, output, error, cause, attempts }: WayStep): [name: string, text: string][] {
  const told: [string, string | undefined][] = [['input', input]];
  for (const { sent, output: result, error: name, cause: why } of attempts)
    told.push(['sent', sent], ['result', result], ['failed', name && [name, why].filter(Boolean).join(': ')]);
  told.push(['output', output || undefined]);
  if (attempts.length === 0 && error) told.push(['failed', [error, cause].filter(Boolean).join(': ')]);
  return told.flatMap(([name, text]): [string, string][] =>
    text === undefined || text === '' ? [] : [[name, text]],
  );
}

function indented(text: string): string[] {
  try {
    return jsonText(parseWritten(text), 2).split('\n');
  } catch {
    return text.split('\n');
  }
}

/** As much of a text as there is room for, which in the form of people is too long. */
function inLines(text: string, most: number, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of unbroken(text)) {
    if (widthOf(line + character) > columns) {
      lines.push(line);
      line = '';
      if (lines.length === most) break;
    }
    line += character;
  }
  if (lines.length < most) return [...lines, line];
  return [...lines.slice(0, -1), truncate(`${lines.at(-1)}…${line}`, columns)];
}
