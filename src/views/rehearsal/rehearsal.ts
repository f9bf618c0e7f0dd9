import { jsonText } from '../../json/lossless.js';
import type { Rehearsal } from '../../operations/rehearsal/rehearse-execution.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { ComparedStep, WayDifference, WayEnd, WayStep } from '../../workflow/rehearsal/compare-ways.js';
import { placeText } from '../../workflow/rehearsal/step-place.js';
import { apart } from '../text/apart.js';
import { formatDuration } from '../text/duration.js';
import { colors, glyphs, type Ink, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { statusLook } from '../text/status-look.js';
import { type TableLook, tableLines } from '../text/table.js';
import { padded, truncate } from '../text/width.js';

export interface RehearsalLook extends TableLook {
  color: boolean;
}

/** How the standing of a state is told, by shape as well as by colour. */
export const standings = {
  same: { mark: '=', word: 'same', ink: 'dim' },
  changed: { mark: '~', word: 'changed', ink: 'yellow' },
  new: { mark: '+', word: 'new', ink: 'green' },
  notReached: { mark: '-', word: 'not reached', ink: 'red' },
} as const satisfies Record<ComparedStep['standing'], { mark: string; word: string; ink: keyof Ink }>;

/** States beyond this are told by their number. */
const MOST_ROWS = 200;

/** One page about a rehearsal. */
export function rehearsalLines(rehearsal: Rehearsal, look: RehearsalLook): string[] {
  const { played, before, ways, order } = rehearsal;
  const ink = paint(look.color);
  const lines: string[] = [];
  const field = (name: string, value: string): void =>
    void lines.push(`  ${ink.dim(padded(name, 9))} ${truncate(oneLine(value), look.columns - 12)}`);
  lines.push(headline(rehearsal, ink));
  field('ran', order.source);
  if (rehearsal.lack !== undefined) field('history', rehearsal.lack);
  field('then', endText(before));
  field('now', played.missing ? 'stopped: an answer is missing' : endText(played));
  const took = played.stoppedAt - (played.events[0]?.timestamp ?? played.stoppedAt);
  field('took', `${formatDuration(took)} of its own time`);
  if (ways.first) {
    lines.push('', ink.bold('First difference'));
    lines.push(...differenceLines(ways.first, look, ink));
  }
  if (ways.steps.length > 0) lines.push('', ...stepRows(ways.steps, look, ink));
  if (!played.missing && played.output !== undefined) {
    lines.push('');
    field('output', played.output);
  }
  return lines;
}

function headline({ played, order, ways }: Rehearsal, ink: Ink): string {
  const status = played.missing ? 'STOPPED' : played.status;
  const look = played.missing ? 'waiting' : (statusLook[status] ?? 'plain');
  const same = !played.missing && ways.first === undefined ? '  the same way as then' : '';
  return `${ink.bold(ink[colors[look]](`${glyphs[look]} ${status}`))}  ${ink.bold(oneLine(order.recorded.name))}${same}`;
}

/** `FAILED: Card.Declined: no funds`. */
export function endText({ status, error, cause }: WayEnd): string {
  if (error === undefined && cause === undefined) return status;
  const { message } = decodeFailure(error, cause);
  const first = message.split('\n')[0] ?? '';
  return `${status}: ${error === undefined || first.includes(error) ? first : `${error}: ${first}`}`;
}

const told: Record<WayDifference['what'], string> = {
  input: 'its input',
  type: 'its type',
  sent: 'what it sent',
  result: 'what came back',
  output: 'its output',
  error: 'its error',
  cause: 'the cause',
  way: 'the way',
  status: 'the status',
};

export function differenceLines(difference: WayDifference, look: RehearsalLook, ink: Ink): string[] {
  const { place, what, path, instead, before, after } = difference;
  const where = place ? oneLine(placeText(place)) : 'the end';
  if (what === 'way') {
    const said = instead
      ? `${where} was entered instead of ${oneLine(placeText(instead))}`
      : `${where} ${wayText(difference)}`;
    return [`  ${said}`];
  }
  const at = path === '$' ? '' : ` at ${oneLine(path)}`;
  const [then, now] = apart(oneLine(valueText(before)), oneLine(valueText(after)), look.columns - 6);
  return [`  ${where}: ${told[what]}${at}`, ink.red(`  - ${then}`), ink.green(`  + ${now}`)];
}

const wayText = ({ reached }: WayDifference): string =>
  reached === 'new'
    ? 'was not entered then'
    : reached === 'notReached'
      ? 'is no longer reached'
      : reached === 'notLeft'
        ? 'did not end as it did then'
        : 'was tried another number of times';

const valueText = (value: unknown): string => (value === undefined ? '(nothing)' : jsonText(value));

/** A row a visit. `heads`: what the two ways are called. */
export function stepRows(
  steps: readonly ComparedStep[],
  look: RehearsalLook,
  ink: Ink,
  [then, now]: [string, string] = ['then', 'now'],
): string[] {
  const rows = steps
    .slice(0, MOST_ROWS)
    .map((step) => [
      `${standings[step.standing].mark} ${placeText(step.place)}`,
      resultText(step.before),
      step.standing === 'same' ? '=' : resultText(step.after),
    ]);
  const lines = tableLines(
    [{ head: '  state' }, { head: then, flexible: true, drop: 1 }, { head: now, flexible: true }],
    rows,
    look,
  );
  const [head = '', ...told] = lines;
  const perRow = told.length / Math.max(rows.length, 1);
  const painted = told.map((line, index) => {
    const standing = steps[Math.floor(index / perRow)]?.standing ?? 'same';
    return ink[standings[standing].ink](line);
  });
  const more = steps.length - rows.length;
  return [ink.bold(head), ...painted, ...(more > 0 ? [ink.dim(`  and ${more} more`)] : [])];
}

/** What became of a visit, in a few words. */
export function resultText(step: WayStep | undefined): string {
  if (!step) return '';
  const { error, cause, output, type } = step;
  if (type === 'Fail' || error === '') return 'failed';
  if (error !== undefined) {
    const { message } = decodeFailure(error, cause);
    return message.includes(error) ? `failed: ${message}` : `failed: ${error}: ${message}`;
  }
  return output ?? '';
}
