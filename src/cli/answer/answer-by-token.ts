import { type ExitCode, exitCodes } from '../../errors.js';
import type { Answering } from '../../operations/answer/answer-context.js';
import { sendUnseen } from '../../operations/answer/send-to-token.js';
import type { TaskToken } from '../../workflow/answer/task-token.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import type { Target } from '../shell/target.js';

/** Answers a token of which nothing else is known. */
export async function answerUnseen(
  context: Context,
  target: Target,
  token: TaskToken,
  answering: Answering,
): Promise<ExitCode> {
  const change = `${answering.decision.verb} the step of a task token, unseen`;
  if (context.dryRun) return await wouldChange(context, target, change, {});
  await target.confirm(change, { ask: true });
  const answer = await sendUnseen(token, answering);
  const unknown = { requestId: null, executionArn: null, stateName: null };
  context.out.document({ ...unknown, answer, proven: false, nextState: null }, [
    'sent, not proven: without --execution nobody knows which step it was',
  ]);
  return exitCodes.ok;
}
