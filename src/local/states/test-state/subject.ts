import {
  compileMachine,
  DefinitionError,
  diagnose,
  refuse,
  type StateMachine,
} from '../../../asl/definition.js';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { parseWritten } from '../../../json/lossless.js';
import { AwsError } from '../../ports.js';
import { invalid } from '../requests/arns-names-pages.js';
import type { Input } from '../requests/model.js';

/** The name of a state that was given without a machine around it. */
const anonymous = 'StateName';

/** The state to try. */
export interface Subject {
  name: string;
  definition: JsonObject;
  type: string;
  language: Json | undefined;
  /** It runs once for each item of a Map. */
  insideMap: boolean;
}

/**
 * The state of the request: the definition itself, or the one of it that is named.
 * @throws AwsError InvalidDefinition, ValidationException
 */
export async function subjectOf({ definition, stateName }: Input<'TestState'>): Promise<Subject> {
  if (stateName !== undefined) {
    await check(definition);
    const machine = parseWritten(definition) as JsonObject;
    const found = stateIn(machine, stateName);
    if (!found) throw invalid('State not found in definition');
    return { ...subject(stateName, found, machine.QueryLanguage), insideMap: isInMap(machine, stateName) };
  }
  const state = readState(definition);
  await check(JSON.stringify(machineOf(anonymous, state, undefined)));
  return subject(anonymous, state, undefined);
}

const subject = (name: string, definition: JsonObject, language: Json | undefined): Subject => ({
  name,
  definition,
  type: String(definition.Type),
  language: definition.QueryLanguage ?? language,
  insideMap: false,
});

function readState(text: string): JsonObject {
  let state: Json | undefined;
  try {
    state = parseWritten(text);
  } catch {
    // Said below, as for anything else that is no object.
  }
  if (isObject(state)) return state;
  throw new AwsError(
    'InvalidDefinition',
    `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null'`,
  );
}

async function check(definition: string): Promise<void> {
  try {
    refuse(await diagnose(definition));
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${error.message}'`);
  }
}

/** The state of that name, however deep in branches and processors. */
export function stateIn(workflow: Json | undefined, name: string): JsonObject | undefined {
  if (!isObject(workflow) || !isObject(workflow.States)) return undefined;
  const own = Object.hasOwn(workflow.States, name) ? workflow.States[name] : undefined;
  if (isObject(own)) return own;
  for (const state of Object.values(workflow.States)) {
    const found = innerWorkflows(state)
      .map((inner) => stateIn(inner, name))
      .find(isObject);
    if (found) return found;
  }
  return undefined;
}

function isInMap(workflow: Json | undefined, name: string): boolean {
  if (!isObject(workflow) || !isObject(workflow.States)) return false;
  return Object.values(workflow.States).some((state) =>
    innerWorkflows(state).some((inner) =>
      isObject(state) && state.Type === 'Map' ? stateIn(inner, name) : isInMap(inner, name),
    ),
  );
}

export function innerWorkflows(state: Json | undefined): Json[] {
  if (!isObject(state)) return [];
  const { Branches: branches, ItemProcessor: processor, Iterator: iterator } = state;
  return [...(Array.isArray(branches) ? branches : []), processor ?? iterator ?? []].filter(isObject);
}

/**
 * A machine of this state alone, where all states that it may go to end the execution. Its branches and iterations are
 * never run: what comes of them is mocked. So a Parallel is run as a Task, and a Map as a Distributed Map.
 */
export function trialMachine({ name, definition, language }: Subject): StateMachine {
  const machine = compileMachine(machineOf(name, stub(definition), language));
  const state = machine.states.get(name);
  if (state?.type !== 'Map' || isDistributed(definition)) return machine;
  return { ...machine, states: new Map(machine.states).set(name, { ...state, arraysOnly: true }) };
}

function isDistributed({ ItemProcessor: processor }: JsonObject): boolean {
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  return isObject(config) && config.Mode === 'DISTRIBUTED';
}

function stub(state: JsonObject): JsonObject {
  if (state.Type === 'Parallel') {
    const { Branches: _, ...rest } = state;
    return { ...rest, Type: 'Task', Resource: 'arn:aws:lambda:::function:branches' };
  }
  if (state.Type !== 'Map') return state;
  const { Iterator: iterator, ItemProcessor: processor = iterator, ...rest } = state;
  const mode = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
  return { ...rest, ItemProcessor: { ...(isObject(processor) ? processor : {}), ...mode } };
}

function machineOf(name: string, state: JsonObject, language: Json | undefined): JsonObject {
  const targets = nextStates(state).filter((target) => target !== name);
  return {
    StartAt: name,
    ...(language !== undefined && { QueryLanguage: language }),
    States: {
      [name]: state,
      ...Object.fromEntries(targets.map((target) => [target, { Type: 'Succeed' }])),
    },
  };
}

function nextStates({ Next, Default, Choices, Catch }: JsonObject): string[] {
  const ways = [Choices, Catch].flatMap((list) => (Array.isArray(list) ? list : []));
  const targets = [Next, Default, ...ways.map((way) => (isObject(way) ? way.Next : undefined))];
  return targets.filter((target): target is string => typeof target === 'string');
}
