import type { RedrivePlan } from '../../operations/execution/plan-redrive.js';
import { formatDuration } from '../text/duration.js';
import { paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';

/** `redrive --plan -o json`, one entry. */
export const redrivePlanDocument = ({ until, ...plan }: RedrivePlan) => ({
  ...plan,
  reason: plan.reason ?? null,
  redrivableUntil: until?.toISOString() ?? null,
});

export function redrivePlanLines(plan: RedrivePlan, now: number, color: boolean, flags = ''): string[] {
  const ink = paint(color);
  const verdict = plan.redrivable
    ? ink.green('can be redriven')
    : ink.red(`can't be redriven: ${plan.reason ?? `its status is ${plan.status}`}`);
  const left = plan.until === undefined ? undefined : plan.until.getTime() - now;
  const field = (name: string, value: string): string => `  ${ink.dim(name.padEnd(11))} ${value}`;
  return [
    `${ink.bold(plan.name)}  ${plan.status}  ${verdict}`,
    ...(left === undefined || left <= 0 ? [] : [field('time left', `${formatDuration(left)} of 14 days`)]),
    field('redriven', plan.redriveCount === 0 ? 'never' : `${plan.redriveCount} time(s)`),
    field(
      'definition',
      plan.definitionChanged
        ? ink.yellow('changed since: a redrive runs the old one; mbc-flow rerun takes the new one')
        : 'the same as then',
    ),
    ...plan.runsAgain.map(({ stateName, what }, index) =>
      field(index === 0 ? 'runs again' : '', `${oneLine(stateName)}: ${what}`),
    ),
    ...(plan.parent === undefined ? [] : [field('instead', `mbc-flow redrive ${plan.parent}${flags}`)]),
    ...plan.permissions.map(({ action, resource }, index) =>
      field(index === 0 ? 'needs' : '', `${action} on ${resource}`),
    ),
  ];
}
