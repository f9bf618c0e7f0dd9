import { memberOf, type Value, writtenOf } from '../../../asl/data/value.js';
import type { Json } from '../../../json/json.js';
import type { FunctionHost } from '../../ports.js';
import { commandStep } from './command.js';
import { deliveredRecords } from './delivered-records.js';
import { importStep } from './import.js';
import type { StepEvent } from './step-event.js';
import { taskItem } from './task.js';
import { zipStep } from './zip.js';

/**
 * The built-in functions of the framework's machines, told apart as the framework does it: by substrings of the
 * machine's name. Their answers are `[events][handlers]`, so `$.Payload[0][0]` picks the reply. Records of streams and
 * queues start executions.
 */
export async function referenceFunction(host: FunctionHost, payload: Value): Promise<Json> {
  const part = (...path: string[]): Json | undefined => parsedPart(payload, path);
  const records = part('Records');
  if (Array.isArray(records)) return await deliveredRecords(host, records);
  const machine = part('context', 'StateMachine', 'Name');
  const stateName = part('context', 'State', 'Name');
  if (typeof machine !== 'string' || typeof stateName !== 'string') {
    // The framework's own words for a payload without `context`.
    throw new Error('Unable to determine event source based on event.');
  }
  const mapIndex = part('context', 'Map', 'Item', 'Index');
  const taskToken = part('taskToken');
  const event = new Delivered(payload, {
    stateName,
    executionArn: String(part('context', 'Execution', 'Id') ?? ''),
    executionName: String(part('context', 'Execution', 'Name') ?? ''),
    ...(typeof mapIndex === 'number' && { mapIndex }),
    ...(typeof taskToken === 'string' && { taskToken }),
  });
  return [[await handlerOf(machine)(host, event)]];
}

/** Few read more of it than they pass on, and it may be large. */
class Delivered implements StepEvent {
  readonly stateName: string;
  readonly executionArn: string;
  readonly executionName: string;
  readonly mapIndex?: number;
  readonly taskToken?: string;

  constructor(
    private readonly payload: Value,
    {
      stateName,
      executionArn,
      executionName,
      mapIndex,
      taskToken,
    }: Omit<StepEvent, 'input' | 'inputText' | 'executionInput'>,
  ) {
    this.stateName = stateName;
    this.executionArn = executionArn;
    this.executionName = executionName;
    this.mapIndex = mapIndex;
    this.taskToken = taskToken;
  }

  get input(): Json {
    return parsedPart(this.payload, ['input']) ?? null;
  }

  get inputText(): string {
    const input = memberOf(this.payload, 'input');
    return input ? writtenOf(input) : 'null';
  }

  get executionInput(): Json {
    return parsedPart(this.payload, ['context', 'Execution', 'Input']) ?? null;
  }
}

/** Read for the function alone: the caller keeps no more than it had. */
function parsedPart(payload: Value, path: string[]): Json | undefined {
  let value: Value | undefined = payload;
  for (const name of path) value = value && memberOf(value, name);
  return value && (JSON.parse(writtenOf(value)) as Json);
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
