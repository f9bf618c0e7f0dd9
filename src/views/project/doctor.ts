import type { Check } from '../../operations/doctor/check.js';
import { paint } from '../text/paint.js';

/** `doctor -o json`. */
export const doctorDocument = (target: string, checks: Check[]): { target: string; checks: Check[] } => ({
  target,
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
