import { exitCodes, type FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { sayTo } from '../../workflow/answer/approval-decision.js';
import type { TaskToken } from '../../workflow/answer/task-token.js';
import type { Answering } from './answer-context.js';
import { noteIn, send } from './send-answer.js';

/** Sends to a token of which nothing else is known: what comes of it cannot be said. Returns the answer. */
export async function sendUnseen(token: TaskToken, answering: Answering): Promise<Json> {
  const { states, decision, by, clock } = answering;
  const said = sayTo(undefined, decision, by, new Date(clock.now()).toISOString());
  const sending = said.type === 'success' ? { type: said.type, output: said.value } : said;
  const note = noteIn(answering, { executionArn: '', stateName: '', scheduledId: 0 }, sending);
  await note('sending');
  try {
    await send(states, token.reveal(), sending);
  } catch (error) {
    await note((error as FlowError).exitCode === exitCodes.conflict ? 'conflict' : 'failed');
    throw error;
  }
  await note('sent');
  return sending.type === 'success' ? sending.output : null;
}
