import { type ExitCode, worstExitCode } from '../../errors.js';
import type { AnswerPlan } from '../../operations/answer/plan-answers.js';
import * as views from '../../views/answer/answers.js';
import { machineName } from '../../views/pending/pending.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import type { Target } from '../shell/target.js';

/** Named before the question; of more, the count. */
const MOST_LISTED = 20;

/** Before the question: whoever says yes knows of what. */
export function tellPlan(
  { err, clock, terminal }: Context,
  { one, before, ready, refused }: AnswerPlan,
): void {
  const [only] = ready;
  if (one && only) {
    for (const line of views.questionLines(only, clock.now(), terminal)) err.notice(line);
    return;
  }
  if (before.size > 0)
    err.notice(
      `${before.size} were already answered by an earlier, interrupted run; --again answers all of them again`,
    );
  for (const { requestId, error } of refused) err.notice(`  ${views.refusedLine(requestId, error)}`);
  for (const answer of ready.slice(0, MOST_LISTED)) err.notice(views.listedLine(answer, clock.now()));
  if (ready.length > MOST_LISTED) err.notice(`  and ${ready.length - MOST_LISTED} more`);
}

export function changeOf({ one, ready }: AnswerPlan, verb: string): string {
  const [only] = ready;
  if (one && only) {
    const { requestId, task } = only;
    return `${verb} ${requestId ?? task.requestId ?? task.execution.name} (${task.stateName})`;
  }
  const machines = new Set(ready.map(({ task }) => machineName(task)));
  const steps = `${ready.length} paused step${ready.length === 1 ? '' : 's'}`;
  return `${verb} ${steps} of ${[...machines].join(', ') || 'no machine'}`;
}

/** What --dry-run says instead of asking. */
export async function wouldAnswer(
  context: Context,
  target: Target,
  plan: AnswerPlan,
  verb: string,
): Promise<ExitCode> {
  const results = plan.ready.map(views.plannedDocument);
  const [only] = plan.refused.length === 0 && results.length === 1 ? results : [];
  await wouldChange(context, target, changeOf(plan, verb), only ?? { results });
  return worstExitCode(plan.refused.map(({ error }) => error.exitCode));
}
