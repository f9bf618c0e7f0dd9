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
function checkLines({ check, status, message, hint }: Check, color: boolean): string[] {
  const ink = paint(color);
  const sign = ink[COLOURS[status]](SIGNS[status]);
  const said = status === 'unchecked' ? ink.dim(`not checked: ${message}`) : message;
  return [`${sign} ${check}: ${said}`, ...(hint === undefined ? [] : [`    ${hint}`])];
}

/**
 * The lines of checks as they come. What is well with one state machine is one line; `here`: what a server on this
 * machine has no service for is one line at the end.
 */
export function createCheckLines(color: boolean, here: () => boolean) {
  let well: { machine: string; checks: Check[] } | undefined;
  const absent: string[] = [];
  const flush = (): string[] => {
    const [first, ...others] = well?.checks ?? [];
    const what = well?.checks.map(({ check }) => check.slice((well?.machine.length ?? 0) + 1)).join(', ');
    const lines =
      first === undefined
        ? []
        : checkLines(
            others.length === 0 ? first : { check: well?.machine ?? '', status: 'ok', message: what ?? '' },
            color,
          );
    well = undefined;
    return lines;
  };
  return {
    add(check: Check): string[] {
      if (check.status === 'unchecked' && here()) {
        absent.push(check.check);
        return [];
      }
      const machine =
        check.status === 'ok' ? /^(.*) (?:lint|logs|waiting|alarms)$/.exec(check.check)?.[1] : undefined;
      if (machine !== undefined && machine === well?.machine) {
        well.checks.push(check);
        return [];
      }
      const lines = flush();
      if (machine === undefined) lines.push(...checkLines(check, color));
      else well = { machine, checks: [check] };
      return lines;
    },
    end(): string[] {
      const lines = flush();
      if (absent.length === 0) return lines;
      const check = absent.join(', ');
      return [
        ...lines,
        paint(color)[COLOURS.unchecked](
          `${SIGNS.unchecked} ${check}: not checked, as this local server does not have them`,
        ),
      ];
    },
  };
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
