import { text } from 'node:stream/consumers';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { findPaused } from '../../operations/answer/find-paused.js';
import { tokenIn } from '../../operations/answer/prepare-answer.js';
import type { PausedTask } from '../../operations/answer/read-paused.js';
import type { Resolving } from '../../operations/answer/resolve-paused.js';
import { auditLine, send } from '../../operations/answer/send-answer.js';
import { createDefinitions } from '../../operations/find/definition-of-execution.js';
import { type Decision, sayTo } from '../../workflow/answer/answers.js';
import { TaskToken } from '../../workflow/answer/task-token.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import type { Target } from '../shell/target.js';

/** The one that stdin has; it never stands on a command line. @throws FlowError 2 when there is none */
export async function readToken(context: Context): Promise<TaskToken> {
  const token = (await text(context.stdin)).trim();
  if (token !== '') return new TaskToken(token);
  throw new FlowError(exitCodes.usage, 'NoToken', 'stdin has no task token', {
    where: '--token-stdin',
    hint: 'mbc-flow resume --token-stdin --execution <execution> < token.txt',
  });
}

/** The paused step whose token it is. @throws FlowError 5 when none in the execution waits on it */
export async function taskOfToken(
  target: Target,
  token: TaskToken,
  executionArn: string,
  search: Resolving,
): Promise<PausedTask> {
  const definitions = createDefinitions(target.gateways.states);
  const { tasks } = await findPaused({ ...search, executionArn });
  for (const task of tasks) {
    if (tokenIn(task, await definitions.of(task.execution))?.equals(token)) return task;
  }
  throw new FlowError(exitCodes.conflict, 'TokenNotWaited', 'no step of this execution waits on this token', {
    where: executionArn,
    hint: `mbc-flow show ${executionArn}${target.flagsForHints}`,
  });
}

/** Sends to a token of which nothing else is known: what comes of it cannot be said. */
export async function sendBlindly(
  context: Context,
  target: Target,
  token: TaskToken,
  decision: Decision,
): Promise<ExitCode> {
  const by = await target.callerArn();
  const said = sayTo(undefined, decision, by, new Date(context.clock.now()).toISOString());
  const change = `${decision.verb} the step of a task token, unseen`;
  if (context.dryRun) return await wouldChange(context, target, change, {});
  await target.confirm(change, { ask: true });
  const sending = said.type === 'success' ? { type: said.type, output: said.value } : said;
  const line = auditLine(
    { target: target.name, verb: decision.verb, by },
    { executionArn: '', stateName: '', scheduledId: 0 },
    sending,
  );
  const note = (outcome: 'sending' | 'sent'): Promise<void> =>
    context.audit.append({ ...line, time: new Date(context.clock.now()).toISOString(), outcome });
  await note('sending');
  await send(target.gateways.states, token.reveal(), sending);
  await note('sent');
  const answer = sending.type === 'success' ? sending.output : null;
  context.out.json({
    requestId: null,
    executionArn: null,
    stateName: null,
    answer,
    proven: false,
    nextState: null,
  });
  context.out.line('sent, not proven: without --execution nobody knows which step it was');
  return exitCodes.ok;
}
