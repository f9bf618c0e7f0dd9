import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import type { FunctionHost } from '../../ports.js';
import { commandStep } from './command.js';
import { deliveredRecords } from './events.js';
import { importStep } from './import.js';
import { member, type StepEvent } from './step-event.js';
import { taskItem } from './task.js';
import { zipStep } from './zip.js';

/**
 * The built-in functions of the framework's machines, told apart as the framework does it: by substrings of the
 * machine's name. Their answers are `[events][handlers]`, so `$.Payload[0][0]` picks the reply. Records of streams and
 * queues start executions.
 */
export async function referenceFunction(host: FunctionHost, payload: Json): Promise<Json> {
  const { context, input, taskToken, Records } = isObject(payload) ? payload : ({} as JsonObject);
  if (Array.isArray(Records)) return await deliveredRecords(host, Records);
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

/** @throws Error that says what to configure: what a team's own machine calls is the team's */
function handlerOf(machine: string): (host: FunctionHost, event: StepEvent) => Promise<Json> {
  if (machine.includes('import-csv')) return importStep;
  if (machine.includes('import-zip')) return zipStep;
  if (machine.includes('task')) return taskItem;
  if (machine.includes('command')) return commandStep;
  if (machine === 'demo-approval') return askForApproval;
  throw new Error(
    `the built-in functions support only the state machines command, task, import-csv and import-zip, not ${machine}: configure your own functions under "local": {"functions": {"*": "./dist/main.handler"}} in mbc-flow.json, or run mbc-flow dev --functions '*=./dist/main.handler'`,
  );
}

/** Notifies nobody: the token is found in the execution's history. */
const askForApproval = async (): Promise<Json> => ({ asked: true });
