import type { Stimulus } from '../../asl/engine/protocol.js';
import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import type { TaskReference } from '../runtime/tokens.js';
import type { StatesContext } from './context.js';
import { textProblem } from './json-problem.js';
import type { Input } from './requests/model.js';

export async function sendTaskSuccess(
  context: StatesContext,
  { taskToken, output }: Input<'SendTaskSuccess'>,
): Promise<JsonObject> {
  // As on AWS, the token is looked at first.
  taskOf(context, taskToken);
  const problem = textProblem(output);
  if (problem !== undefined) throw new AwsError('InvalidOutput', `Invalid Output: '${problem}'`);
  return await answer(context, taskToken, (at, taskId) => ({ type: 'TaskSucceeded', at, taskId, output }));
}

export async function sendTaskFailure(
  context: StatesContext,
  { taskToken, error, cause }: Input<'SendTaskFailure'>,
): Promise<JsonObject> {
  return await answer(context, taskToken, (at, taskId) => ({ type: 'TaskFailed', at, taskId, error, cause }));
}

export async function sendTaskHeartbeat(
  context: StatesContext,
  { taskToken }: Input<'SendTaskHeartbeat'>,
): Promise<JsonObject> {
  return await answer(context, taskToken, (at, taskId) => ({ type: 'TaskHeartbeat', at, taskId }));
}

async function answer(
  context: StatesContext,
  token: string,
  stimulus: (at: number, taskId: number) => Stimulus,
): Promise<JsonObject> {
  const task = taskOf(context, token);
  const { executions, clock } = context;
  // A task without a heartbeat takes one in without a trace: that is no late answer.
  const waiting = executions.isWaiting(task);
  const heard = await executions.answer(task, (taskId) => stimulus(clock.now(), taskId));
  if (!waiting || (!heard && stimulus(0, 0).type !== 'TaskHeartbeat'))
    throw new AwsError('TaskTimedOut', `Task Timed Out: 'Provided task does not exist anymore'`);
  return {};
}

function taskOf(context: StatesContext, token: string): TaskReference {
  const task = context.tokens.resolve(token);
  if (!task) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
  return task;
}
