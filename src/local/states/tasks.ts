import type { Stimulus } from '../../asl/execution.js';
import type { JsonObject } from '../../asl/json.js';
import { AwsError } from '../ports.js';
import type { StatesContext } from './api.js';
import { optionalString, requiredString, validationError } from './request.js';

const outputLimit = 262_144;

export async function sendTaskSuccess(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const token = requiredString(input, 'taskToken');
  const output = requiredString(input, 'output');
  if (Buffer.byteLength(output) > outputLimit) {
    throw validationError(
      `Value at 'output' failed to satisfy constraint: Member must have length less than or equal to ${outputLimit}`,
    );
  }
  try {
    JSON.parse(output);
  } catch {
    throw new AwsError('InvalidOutput', `Invalid Output: 'Output is not valid JSON'`);
  }
  return await answer(context, token, (taskId) => ({
    type: 'TaskSucceeded',
    at: context.clock.now(),
    taskId,
    output,
  }));
}

export async function sendTaskFailure(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const token = requiredString(input, 'taskToken');
  const error = optionalString(input, 'error');
  const cause = optionalString(input, 'cause');
  return await answer(context, token, (taskId) => ({
    type: 'TaskFailed',
    at: context.clock.now(),
    taskId,
    error,
    cause,
  }));
}

export async function sendTaskHeartbeat(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const token = requiredString(input, 'taskToken');
  const task = context.tokens.resolve(token);
  if (!task) throw invalidToken();
  if (!context.executions.isWaiting(task)) throw taskClosed();
  await context.executions.answer(task, (taskId) => ({
    type: 'TaskHeartbeat',
    at: context.clock.now(),
    taskId,
  }));
  return {};
}

async function answer(
  context: StatesContext,
  token: string,
  stimulus: (taskId: number) => Stimulus,
): Promise<JsonObject> {
  const task = context.tokens.resolve(token);
  if (!task) throw invalidToken();
  if (!(await context.executions.answer(task, stimulus))) throw taskClosed();
  return {};
}

const invalidToken = (): AwsError => new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
const taskClosed = (): AwsError =>
  new AwsError('TaskTimedOut', `Task Timed Out: 'Provided task does not exist anymore'`);
