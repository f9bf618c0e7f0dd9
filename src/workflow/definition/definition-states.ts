import { isObject, type Json, type JsonObject, parsedJson } from '../../json/json.js';

/** States that run one after the other, as the definition has them: the top level, a branch, a Map's processor. */
export interface DefinedScope {
  states: JsonObject;
  /** The language of states that do not name one. */
  queryLanguage: 'JSONPath' | 'JSONata';
  /** Inside a Distributed Map: its states run in executions of their own. */
  distributed: boolean;
  /** Of an execution, or of a map run's child. */
  topLevel: boolean;
}
export interface DefinedState {
  name: string;
  state: JsonObject;
  scope: DefinedScope;
}

/** Every state of a definition (JSON text that AWS has accepted), those inside Parallel and Map states too. */
export function definedStates(definition: string): DefinedState[] {
  const root = parsedJson(definition);
  return [...statesOf(root, languageOf(root, 'JSONPath'), { distributed: false, topLevel: true })];
}

/** The `TimeoutSeconds` of the whole machine. */
export function machineTimeout(definition: string): number | undefined {
  const root = parsedJson(definition);
  return isObject(root) && typeof root.TimeoutSeconds === 'number' ? root.TimeoutSeconds : undefined;
}

function* statesOf(
  workflow: Json | undefined,
  queryLanguage: DefinedScope['queryLanguage'],
  place: { distributed: boolean; topLevel: boolean },
): Generator<DefinedState> {
  if (!isObject(workflow) || !isObject(workflow.States)) return;
  const scope: DefinedScope = { states: workflow.States, queryLanguage, ...place };
  for (const [name, state] of Object.entries(workflow.States)) {
    if (!isObject(state)) continue;
    yield { name, state, scope };
    const processor = state.ItemProcessor ?? state.Iterator;
    const config =
      isObject(processor) && isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
    const ownExecutions = config.Mode === 'DISTRIBUTED';
    const distributed = place.distributed || ownExecutions;
    yield* statesOf(processor, queryLanguage, { distributed, topLevel: ownExecutions });
    for (const branch of Array.isArray(state.Branches) ? state.Branches : [])
      yield* statesOf(branch, queryLanguage, { distributed: place.distributed, topLevel: false });
  }
}

export function languageOf(
  json: Json | undefined,
  otherwise: DefinedScope['queryLanguage'],
): DefinedScope['queryLanguage'] {
  const language = isObject(json) ? json.QueryLanguage : undefined;
  return language === 'JSONata' || language === 'JSONPath' ? language : otherwise;
}
