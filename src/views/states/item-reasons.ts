import type { ExplainedMapRun } from '../../operations/follow/explain-map-runs.js';
import { failureText } from '../../workflow/failure/cause.js';
import { failureKind, groupReasons, type ReasonGroup } from '../../workflow/failure/reason-groups.js';
import { allStates, type Iterations, type Scope } from '../../workflow/history/execution-model.js';
import { count } from './map-progress.js';

/** Failed items that are looked at for their reasons. */
const MOST_LOOKED = 200;
const MOST_SHOWN = 3;

/** A reason, and how many failed for it: `7 failed`. */
export interface CountedReason {
  what: string;
  reason: string;
}

/** Why the items of an inline Map failed, the most frequent reason first. Made once for as many. */
export function itemReasons(iterations: Iterations): CountedReason[] {
  const known = made.get(iterations);
  if (known?.failed === iterations.failed) return known.reasons;
  const failed: Scope[] = [];
  for (const scope of iterations.open.values()) {
    if (failed.length === MOST_LOOKED) break;
    if (scope.ended === 'failed') failed.push(scope);
  }
  const groups = groupReasons(failed, (scope) => {
    const reason = reasonOf(scope);
    return { reason, kind: failureKind(reason) };
  });
  const reasons = reasonTexts(groups);
  made.set(iterations, { failed: iterations.failed, reasons });
  return reasons;
}
const made = new WeakMap<Iterations, { failed: number; reasons: CountedReason[] }>();

/** Why executions of a map run failed; where not all were looked at, of how many. */
export function runReasons({ why, executionCounts }: ExplainedMapRun): CountedReason[] {
  if (!why) return [];
  const { failed, timedOut } = executionCounts;
  const some = why.looked < failed + timedOut;
  return reasonTexts(why.groups, some ? `of ${count(why.looked)} looked at` : 'failed');
}

/** The first of them, and how many other reasons there are. */
function reasonTexts(groups: readonly ReasonGroup<unknown>[], what = 'failed'): CountedReason[] {
  const left = groups.slice(MOST_SHOWN);
  const others = left.reduce((sum, group) => sum + group.count, 0);
  return [
    ...groups
      .slice(0, MOST_SHOWN)
      .map(({ count: number, reason }) => ({ what: `${count(number)} ${what}`, reason })),
    ...(left.length > 0
      ? [{ what: `${count(others)} ${what}`, reason: `for ${count(left.length)} other reasons` }]
      : []),
  ];
}

function reasonOf(scope: Scope): string {
  for (const { status, error, cause } of allStates(scope))
    if (status === 'failed' && (error !== undefined || cause !== undefined)) return failureText(error, cause);
  return 'failed';
}

/** Why children of a map run failed, as far as they were looked at. Made once for the same list. */
export function childReasons(children: readonly { why?: string; status: string }[]): CountedReason[] {
  let reasons = ofChildren.get(children);
  if (!reasons) {
    const known = children.flatMap(({ why }) => (why === undefined ? [] : [why]));
    const groups = groupReasons(known, (reason) => ({ reason, kind: failureKind(reason) }));
    const failed = children.reduce((sum, { status }) => sum + (bad.has(status) ? 1 : 0), 0);
    const what = known.length < failed ? `of ${count(known.length)} looked at` : 'failed';
    reasons = known.length > 1 ? reasonTexts(groups, what) : [];
    ofChildren.set(children, reasons);
  }
  return reasons;
}
const bad = new Set(['FAILED', 'TIMED_OUT']);
const ofChildren = new WeakMap<object, CountedReason[]>();
