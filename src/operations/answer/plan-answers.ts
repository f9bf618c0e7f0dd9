import { FlowError } from '../../errors.js';
import type { AuditLine } from '../../ports/audit-log.js';
import type { Resolved } from '../pending/resolve-paused.js';
import type { Answering } from './answer-context.js';
import { findSoon } from './find-step-soon.js';
import { type FindingMeant, isOne, type Meant } from './find-steps.js';
import { answeredInRun } from './interrupted-run.js';
import { type PreparedAnswer, prepareAnswer } from './prepare-answer.js';

/** What a command is about to answer. */
export interface AnswerPlan {
  /** One step was named: what stands in its way is an error of the whole. */
  one: boolean;
  /** By request id: what the same line has answered before it was broken off. */
  before: Map<string, AuditLine>;
  ready: ReadyAnswer[];
  refused: { requestId?: string; error: FlowError }[];
}
export interface ReadyAnswer extends PreparedAnswer {
  /** By which it was named. */
  requestId?: string;
}

/**
 * Finds the steps that are meant and brings the answer into the form that each needs. Changes nothing.
 * @param again answers also what the same line has answered already
 * @throws FlowError where the one that is meant cannot be answered
 */
export async function planAnswers(
  meant: Meant,
  finding: FindingMeant,
  answering: Answering,
  again = false,
): Promise<AnswerPlan> {
  const before = await answeredBefore(meant, answering, again);
  const left =
    meant.kind === 'requests'
      ? { ...meant, requestIds: meant.requestIds.filter((id) => !before.has(id)) }
      : meant;
  const plan: AnswerPlan = { one: isOne(meant), before, ready: [], refused: [] };
  for (const { requestId, task, error } of oldestFirst(await findSoon(left, finding, answering))) {
    try {
      if (error) throw error;
      if (task) plan.ready.push({ requestId, ...(await prepareAnswer(task, answering)) });
    } catch (failure) {
      if (!(failure instanceof FlowError) || plan.one) throw failure;
      plan.refused.push({ requestId, error: failure });
    }
  }
  return plan;
}

async function answeredBefore(
  meant: Meant,
  answering: Answering,
  again: boolean,
): Promise<AnswerPlan['before']> {
  if (answering.run === undefined || meant.kind !== 'requests' || again) return new Map();
  return await answeredInRun(answering.run, meant.requestIds, answering);
}

/** By their executions: the definition of the oldest may vouch for the younger ones'. */
function oldestFirst(found: Resolved[]): Resolved[] {
  const started = ({ task }: Resolved): number => task?.execution.startDate.getTime() ?? 0;
  return found.toSorted((a, b) => started(a) - started(b));
}
