import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import type { AuditLine } from '../../ports/audit-log.js';
import type { Wait } from '../../ports/waits.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { asDone } from '../pace/as-completed.js';
import type { Answering } from './answer-context.js';
import type { AnswerPlan, ReadyAnswer } from './plan-answers.js';
import type { PreparedAnswer } from './prepare-answer.js';
import { type AnswerResult, sendAnswer } from './send-answer.js';

/** Answers on their way at the same time. */
const AT_ONCE = 8;

/** They add up to `asked`. */
export interface AnswerCounts {
  asked: number;
  answered: number;
  /** Sent, but the history does not show it. */
  unproven: number;
  refused: number;
  /** Not begun. */
  left: number;
}

export type AnswerEvent = OneAnswer | { type: 'end'; counts: AnswerCounts; exitCode: ExitCode };
type OneAnswer =
  | { type: 'before'; requestId: string; line: AuditLine }
  | { type: 'refused'; requestId?: string; name?: string; error: FlowError }
  | { type: 'answered'; answer: ReadyAnswer; result: AnswerResult };

/**
 * Sends what was planned, and tells of each as it is done; `end` comes last. What is on its way is brought to its end
 * when `signal` fires; nothing new is begun.
 * @throws FlowError where the one that was meant could not be answered
 */
export async function* sendAnswers(plan: AnswerPlan, answering: Answering): AsyncGenerator<AnswerEvent> {
  const asked = plan.before.size + plan.refused.length + plan.ready.length;
  const counts: AnswerCounts = { asked, answered: 0, unproven: 0, refused: 0, left: asked };
  const codes: ExitCode[] = [];
  for await (const event of eachAnswer(plan, answering)) {
    const [kind, code] = accountOf(event);
    counts[kind] += 1;
    counts.left -= 1;
    codes.push(code);
    yield event;
  }
  yield { type: 'end', counts, exitCode: worstExitCode(codes) };
}

async function* eachAnswer(plan: AnswerPlan, answering: Answering): AsyncGenerator<OneAnswer> {
  for (const [requestId, line] of plan.before) {
    await noteArrived(line, answering);
    yield { type: 'before', requestId, line };
  }
  for (const { requestId, error } of plan.refused)
    yield { type: 'refused', requestId, name: requestId, error };
  yield* asDone(unlessAborted(plan.ready, answering.signal), AT_ONCE, async (answer): Promise<OneAnswer> => {
    try {
      const result = await answering.waits.during(waitForProof(answer), () => sendAnswer(answer, answering));
      return { type: 'answered', answer, result };
    } catch (error) {
      if (!(error instanceof FlowError) || plan.one) throw error;
      const requestId = answer.requestId ?? answer.task.requestId;
      return { type: 'refused', requestId, name: requestId ?? answer.task.execution.name, error };
    }
  });
}

function accountOf(event: OneAnswer): ['answered' | 'unproven' | 'refused', ExitCode] {
  if (event.type === 'refused') return ['refused', event.error.exitCode];
  // No history shows a heartbeat.
  const proven = event.type === 'before' || event.result.proven || event.answer.sending.type === 'heartbeat';
  return proven ? ['answered', exitCodes.ok] : ['unproven', exitCodes.failed];
}

/** An answer of which nobody had seen how it ended. */
async function noteArrived(line: AuditLine, { audit, clock }: Answering): Promise<void> {
  if (line.outcome !== 'sending') return;
  await audit.append({ ...line, time: new Date(clock.now()).toISOString(), outcome: 'proven' });
}

const waitForProof = ({ task }: PreparedAnswer): Wait => ({
  on: `the history to show the answer to ${task.stateName}`,
  missing: `the answer was sent; see what came of it with mbc-flow show ${shellWord(task.execution.name)}`,
});

function* unlessAborted<T>(items: T[], signal: AbortSignal): Generator<T> {
  for (const item of items) {
    if (signal.aborted) return;
    yield item;
  }
}
