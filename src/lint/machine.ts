import type { Language } from '../asl/validate/context.js';
import type { Place } from '../asl/validate/diagnostic.js';
import { languageOf } from '../asl/validate/machine.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import type { Statement } from './iam-statement.js';

/** A state machine to lint, wherever it was written. */
export interface LintMachine {
  /** As it is deployed, where that is known. */
  name?: string;
  type: 'STANDARD' | 'EXPRESS';
  /** With what the template says put in, and something that fits for what only AWS knows. */
  definition: JsonObject;
  /** As written: what was put in is a placeholder or an intrinsic function here. */
  written: Json;
  /** Offset in the file's text; the nearest there is. */
  offsetOf(place: Place): number;
  /** Known only from a template or a deployed machine. */
  deployment?: {
    logGroup?: string;
    logLevel?: string;
    /** Statements of its role; absent where the role, or part of it, lies elsewhere. */
    permissions?: Statement[];
    /** Whether the functions that its waiting states call may answer them; absent where that is not known. */
    answerable?(functionName: Json): boolean | undefined;
  };
  /** A machine of an MBC CQRS Serverless app: its functions are routed by the event's context. */
  framework: boolean;
  /** What its file is called, without its endings. */
  stem?: string;
  /** Whether the application's event factory knows a machine of this name. */
  routes?(machine: string): boolean;
}

/** A state, wherever in the machine it is. */
export interface StateVisit {
  name: string;
  state: JsonObject;
  place: Place;
  language: Language;
  /** The workflow that it belongs to. */
  workflow: JsonObject;
  workflowPlace: Place;
  /** Type of the execution that runs it: a Distributed Map's children have their own. */
  type: 'STANDARD' | 'EXPRESS';
}

export function* statesOf(machine: Pick<LintMachine, 'definition' | 'type'>): Generator<StateVisit> {
  yield* within(machine.definition, [], languageOf(machine.definition, 'JSONPath'), machine.type);
}

function* within(
  workflow: JsonObject,
  workflowPlace: Place,
  machineLanguage: Language,
  type: LintMachine['type'],
): Generator<StateVisit> {
  if (!isObject(workflow.States)) return;
  for (const [name, state] of Object.entries(workflow.States)) {
    if (!isObject(state)) continue;
    const place = [...workflowPlace, 'States', name];
    const language = languageOf(state, machineLanguage);
    yield { name, state, place, language, workflow, workflowPlace, type };
    if (Array.isArray(state.Branches))
      for (const [index, branch] of state.Branches.entries())
        if (isObject(branch)) yield* within(branch, [...place, 'Branches', index], machineLanguage, type);
    const found = processorOf(state);
    if (found) yield* within(found.processor, [...place, found.field], machineLanguage, found.type ?? type);
  }
}

export function processorOf(
  state: JsonObject,
): { processor: JsonObject; field: string; distributed: boolean; type?: LintMachine['type'] } | undefined {
  if (state.Type !== 'Map') return undefined;
  const field = isObject(state.ItemProcessor) ? 'ItemProcessor' : 'Iterator';
  const processor = state[field];
  if (!isObject(processor)) return undefined;
  const config = isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  const distributed = config.Mode === 'DISTRIBUTED';
  const type = config.ExecutionType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  return { processor, field, distributed, type: distributed ? type : undefined };
}

/** Every string of a value. */
export function* stringsOf(value: Json | undefined): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* stringsOf(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* stringsOf(item);
}

export const objectsOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
export const textsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
