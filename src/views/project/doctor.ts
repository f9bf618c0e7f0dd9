import type { Check } from '../../operations/doctor/check.js';
import { paint } from '../text/paint.js';

/** `doctor -o json`; null for a target that could not be reached. */
export const doctorDocument = (target: string | undefined, checks: Check[]) => ({
  target: target ?? null,
  checks,
});

const SIGNS = { ok: '✔', warning: '!', fault: '✖', unchecked: '-' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', fault: 'red', unchecked: 'dim' } as const;

/** A line a check, and under what is not well a line that says what to do. */
export function checkLines({ check, status, message, hint }: Check, color: boolean): string[] {
  const ink = paint(color);
  const sign = ink[COLOURS[status]](SIGNS[status]);
  const said = status === 'unchecked' ? ink.dim(`not checked: ${message}`) : message;
  return [`${sign} ${check}: ${said}`, ...(hint === undefined ? [] : [`    ${hint}`])];
}

/** How many checks came out how, worst first. */
export function summaryLine(checks: Check[], color: boolean): string {
  const ink = paint(color);
  const words = {
    fault: ['fault', 'faults'],
    warning: ['warning', 'warnings'],
    unchecked: ['not checked'],
    ok: ['ok'],
  } as const;
  const parts = (['fault', 'warning', 'unchecked', 'ok'] as const).flatMap((status) => {
    const count = checks.filter((check) => check.status === status).length;
    const [one, many = one] = words[status];
    return count === 0 ? [] : [ink[COLOURS[status]](`${count} ${count === 1 ? one : many}`)];
  });
  return parts.join(', ');
}
