import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Context, type Language, type Rule, report } from './context.js';
import type { Diagnostic, Place } from './diagnostic.js';
import { integer, oneOf, text } from './field-rules.js';
import { graph } from './graph.js';
import type { Checks } from './library-checks.js';
import { PROCESSOR_FIELDS, processing } from './map.js';
import { both, checkShape, type Fields, list, object, type Shape } from './shape.js';
import { STATES, transition } from './states.js';
import { assignedNames } from './template.js';
import { warnings } from './warnings.js';

/** Every finding of AWS's on a definition. */
export function validate(
  definition: JsonObject,
  type: 'STANDARD' | 'EXPRESS',
  checks: Checks = {},
): Diagnostic[] {
  const language = languageOf(definition, 'JSONPath');
  const context: Context = {
    diagnostics: [],
    type,
    machineLanguage: language,
    language,
    outerVariables: new Set(),
    labels: new Set(),
    stateNames: new Set(),
    checks,
  };
  workflow(context, definition, MACHINE, []);
  return [...context.diagnostics, ...warnings(definition)];
}

/** Only the exact name is JSONPath; AWS takes any other value for JSONata, and reports it. */
export function languageOf(holder: JsonObject, inherited: Language): Language {
  const value = holder.QueryLanguage;
  if (value === undefined) return inherited;
  return value === 'JSONPath' ? 'JSONPath' : 'JSONata';
}

const LANGUAGE = oneOf('JSONPath', 'JSONata');
const WORKFLOW: Fields = { Comment: both(text), StartAt: both(text), States: both(states) };
const REQUIRED = ['States', 'StartAt'];
const MACHINE: Shape = {
  fields: {
    ...WORKFLOW,
    Version: both(oneOf('1.0')),
    // AWS takes 0 here, though no Task's.
    TimeoutSeconds: both(integer(0, 99_999_999)),
    QueryLanguage: both(LANGUAGE),
  },
  required: REQUIRED,
};
const BRANCH: Shape = { fields: WORKFLOW, required: REQUIRED };
const PROCESSOR: Shape = { fields: { ...WORKFLOW, ...PROCESSOR_FIELDS }, required: REQUIRED };

/** An object with StartAt and States. */
function workflow(context: Context, value: Json, shape: Shape, place: Place): void {
  const before = context.diagnostics.length;
  object(shape)(context, value, place);
  // The graph is looked at only when its states are sound.
  if (isObject(value) && context.diagnostics.length === before) graph(context, value, place);
}

function states(context: Context, value: Json, place: Place): void {
  if (!isObject(value)) {
    report(context, place, 'Expected value of type Object');
    return;
  }
  if (Object.keys(value).length === 0) report(context, place, 'Value cannot be empty');
  const assigned = assignedIn(value, context);
  for (const [name, state] of Object.entries(value))
    stateNamed(context, name, state, [...place, name], assigned);
}

function stateNamed(
  context: Context,
  name: string,
  state: Json,
  place: Place,
  assigned: ReadonlySet<string>,
): void {
  if (name.length > 80)
    report(
      context,
      place,
      `State name '${name}' exceeds the 80-character limit allowed by the service`,
      'INVALID_STATE_NAME',
    );
  if (context.stateNames.has(name))
    report(context, place, `Duplicate State name: ${name}`, 'DUPLICATE_STATE_NAME');
  context.stateNames.add(name);
  if (!isObject(state)) {
    report(context, place, 'Expected value of type Object');
    return;
  }
  if (state.Type === undefined) {
    report(context, place, 'These fields are required: [Type]');
    return;
  }
  const shape =
    typeof state.Type === 'string' && Object.hasOwn(STATES, state.Type) ? STATES[state.Type] : undefined;
  if (!shape) {
    const types = Object.keys(STATES).join(', ');
    report(context, [...place, 'Type'], `The field 'Type' should have one of these values: [${types}]`);
    return;
  }
  const own = { ...context, language: languageOf(state, context.machineLanguage) };
  if (own.language === 'JSONPath' && own.machineLanguage === 'JSONata')
    report(own, place, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  checkShape(own, state, shape, place);
  if (state.QueryLanguage !== undefined) LANGUAGE(own, state.QueryLanguage, [...place, 'QueryLanguage']);
  transition(own, state, shape, place);
  shape.more?.(own, state, place);
  contained(context, state, place, assigned);
}

/** The workflows inside a state. They inherit the machine's language, not the state's. */
function contained(context: Context, state: JsonObject, place: Place, assigned: ReadonlySet<string>): void {
  const inner = { ...context, outerVariables: new Set([...context.outerVariables, ...assigned]) };
  if (state.Type === 'Parallel' && state.Branches !== undefined)
    branches(inner, state.Branches, [...place, 'Branches']);
  if (state.Type !== 'Map') return;
  for (const field of ['ItemProcessor', 'Iterator'] as const) {
    const processor = state[field];
    if (processor !== undefined)
      workflow(itemContext(inner, processor), processor, PROCESSOR, [...place, field]);
  }
}

const branches: Rule = list((context, value, place) => workflow(context, value, BRANCH, place));

/** The executions of a Distributed Map have a type of their own, and see no variables of their parent. */
function itemContext(context: Context, processor: Json): Context {
  if (!isObject(processor)) return context;
  const { distributed, config } = processing(processor);
  if (!distributed) return context;
  const type = config.ExecutionType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  return { ...context, type, outerVariables: new Set() };
}

/** Variables that the states of one workflow assign, themselves or in a rule or a catcher of theirs. */
function assignedIn(states: JsonObject, context: Context): Set<string> {
  const names = new Set<string>();
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    const language = languageOf(state, context.machineLanguage);
    for (const holder of [state, ...objects(state.Catch), ...objects(state.Choices)])
      if (isObject(holder.Assign)) for (const name of assignedNames(holder.Assign, language)) names.add(name);
  }
  return names;
}

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
