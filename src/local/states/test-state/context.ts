import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { parseJson } from '../../../json/parse.mjs';
import { account, region } from '../../arns.js';
import { invalid } from '../requests/arns-names-pages.js';
import type { Input } from '../requests/model.js';
import type { Subject } from './subject.js';

type FieldType = 'string' | 'number' | 'any';

/** What a mocked context object may hold. */
const fields: Record<string, Record<string, FieldType>> = {
  Execution: {
    Id: 'string',
    Input: 'any',
    Name: 'string',
    RoleArn: 'string',
    StartTime: 'string',
    RedriveCount: 'number',
    RedriveTime: 'string',
  },
  State: { EnteredTime: 'string', Name: 'string', RetryCount: 'number' },
  StateMachine: { Id: 'string', Name: 'string' },
  Task: { Token: 'string' },
};

const WITH_TASK = /\.(?:sync(?::2)?|waitForTaskToken)$/;

/** @throws AwsError ValidationException */
export function mockedContext(text: string, { type, definition }: Subject): JsonObject {
  const refuse = (what: string): never => {
    throw invalid(`Invalid Context object provided: ${what}`);
  };
  const context = parse(text);
  if (!isObject(context)) return refuse('must be a JSON object');
  for (const [group, members] of Object.entries(context)) {
    if (group === 'Map') refuse(`'Map' field is not supported when mocking a Context object`);
    const allowed = Object.hasOwn(fields, group) ? fields[group] : undefined;
    if (!allowed) return refuse(`Field '${group}' is not allowed`);
    if (!isObject(members)) return refuse(`${group} must be an object`);
    for (const [member, value] of Object.entries(members)) {
      const type = Object.hasOwn(allowed, member) ? allowed[member] : undefined;
      if (!type) refuse(`Field '${member}' is not allowed`);
      if (type !== 'any' && typeof value !== type) refuse(`${group}.${member} must be a ${type}`);
    }
  }
  if (context.Task !== undefined && !(type === 'Task' && WITH_TASK.test(String(definition.Resource))))
    throw invalid(
      "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
    );
  return context;
}

/** The attempts that a context object tells of. */
export function retryCount({ State: state }: JsonObject): number {
  return isObject(state) && typeof state.RetryCount === 'number' ? state.RetryCount : 0;
}

/** The context object of an execution that there is not. */
export function standInContext(
  { name, type, definition, insideMap }: Subject,
  { roleArn, stateConfiguration }: Input<'TestState'>,
  input: Json,
  now: number,
): JsonObject {
  const [machine, execution] = [randomUUID(), randomUUID()];
  const time = new Date(now).toISOString();
  const arn = (resource: string): string => `arn:aws:states:${region}:${account}:${resource}`;
  const retries = ['Task', 'Map', 'Parallel'].includes(type);
  return {
    Execution: {
      Id: arn(`express:${machine}:${execution}`),
      Input: input,
      Name: execution,
      RoleArn: roleArn ?? null,
      StartTime: time,
    },
    StateMachine: { Id: arn(`stateMachine:${machine}`), Name: machine },
    State: {
      Name: name,
      EnteredTime: time,
      ...(retries && { RetryCount: stateConfiguration?.retrierRetryCount ?? 0 }),
    },
    ...(insideMap && { Map: { Item: { Index: 0, Value: input } } }),
    ...(/\.waitForTaskToken$/.test(String(definition.Resource)) && { Task: { Token: randomUUID() } }),
  };
}

function parse(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}
