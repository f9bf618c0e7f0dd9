import type { Json, JsonObject } from '../../asl/json.js';
import { isObject } from '../../asl/json.js';
import type { FunctionHost } from '../ports.js';
import { commandStep } from './reference-command.js';
import { importStep } from './reference-import.js';
import { taskItem } from './reference-task.js';

/** What the framework's Lambda receives from a state: the input, the context object, perhaps a task token. */
export interface StepEvent {
  input: Json;
  stateName: string;
  executionArn: string;
  executionName: string;
  executionInput: Json;
  /** Of the item, in a state of an inline Map. */
  mapIndex?: number;
  taskToken?: string;
}

/**
 * The built-in functions of the three machines, told apart as the framework does it: by substrings of the
 * machine's name. Their answers are `[events][handlers]`, so `$.Payload[0][0]` picks the reply.
 */
export async function referenceFunction(host: FunctionHost, payload: Json): Promise<Json> {
  const { context, input, taskToken } = isObject(payload) ? payload : ({} as JsonObject);
  const machine = member(context, 'StateMachine', 'Name');
  const stateName = member(context, 'State', 'Name');
  if (typeof machine !== 'string' || typeof stateName !== 'string') {
    // The framework's own words for a payload without `context`.
    throw new Error('Unable to determine event source based on event.');
  }
  const mapIndex = member(context, 'Map', 'Item', 'Index');
  const event: StepEvent = {
    input: input ?? null,
    stateName,
    executionArn: String(member(context, 'Execution', 'Id') ?? ''),
    executionName: String(member(context, 'Execution', 'Name') ?? ''),
    executionInput: member(context, 'Execution', 'Input') ?? null,
    ...(typeof mapIndex === 'number' && { mapIndex }),
    ...(typeof taskToken === 'string' && { taskToken }),
  };
  return [[await handlerOf(machine)(host, event)]];
}

function handlerOf(machine: string): (host: FunctionHost, event: StepEvent) => Promise<Json> {
  if (machine.includes('import-csv')) return importStep;
  if (machine.includes('task')) return taskItem;
  return commandStep;
}

/** `value.a.b`, or undefined where the way ends. */
export function member(value: Json | undefined, ...path: string[]): Json | undefined {
  let found = value;
  for (const name of path) found = isObject(found) ? found[name] : undefined;
  return found;
}
