import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Diagnostic, locationOf, type Place } from './diagnostic.js';
import { isPathOrIntrinsic } from './field-rules.js';

/** AWS's warnings: values that look like paths where nothing reads them as such. JSONPath states alone have them. */
export function warnings(definition: JsonObject): Diagnostic[] {
  if (definition.QueryLanguage !== undefined && definition.QueryLanguage !== 'JSONPath') return [];
  const found: Diagnostic[] = [];
  workflow(found, definition, []);
  return found;
}

const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector'];

function workflow(found: Diagnostic[], holder: JsonObject, place: Place): void {
  if (!isObject(holder.States)) return;
  for (const [name, state] of Object.entries(holder.States))
    if (isObject(state)) inState(found, state, [...place, 'States', name]);
}

function inState(found: Diagnostic[], state: JsonObject, place: Place): void {
  if (state.QueryLanguage === undefined || state.QueryLanguage === 'JSONPath') {
    for (const field of TEMPLATES) noDollar(found, state[field], [...place, field]);
    if (state.Type === 'Pass') staticResult(found, state.Result, [...place, 'Result']);
    if (state.Type === 'Fail') noPath(found, { Error: state.Error, Cause: state.Cause }, place);
    if (state.Type === 'Choice') noPathInRules(found, state.Choices, [...place, 'Choices']);
  }
  for (const field of ['ItemProcessor', 'Iterator']) {
    const processor = state[field];
    if (isObject(processor)) workflow(found, processor, [...place, field]);
  }
  if (!Array.isArray(state.Branches)) return;
  for (const [index, branch] of state.Branches.entries())
    if (isObject(branch)) workflow(found, branch, [...place, 'Branches', index]);
}

function noDollar(found: Diagnostic[], value: Json | undefined, place: Place): void {
  each(value, place, (text, where) => {
    const key = where.at(-1);
    if (typeof key === 'string' && !key.endsWith('.$') && looksEvaluated(text))
      warn(
        found,
        'NO_DOLLAR',
        `The key '${key}' does not end in '.$', so its value is taken as it stands`,
        where,
      );
  });
}

function noPathInRules(found: Diagnostic[], rules: Json | undefined, place: Place): void {
  if (!Array.isArray(rules)) return;
  for (const [index, rule] of rules.entries())
    if (isObject(rule)) noPathInRule(found, rule, [...place, index]);
}

function noPathInRule(found: Diagnostic[], { And, Or, Not, ...compared }: JsonObject, place: Place): void {
  noPathInRules(found, And, [...place, 'And']);
  noPathInRules(found, Or, [...place, 'Or']);
  if (isObject(Not)) noPathInRule(found, Not, [...place, 'Not']);
  const { Variable: _, Next: __, Comment: ___, Assign: ____, ...operands } = compared;
  noPath(found, operands, place);
}

/** A path where a literal is read: the field that takes one ends in `Path`. */
function noPath(found: Diagnostic[], fields: Partial<JsonObject>, place: Place): void {
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string' && !name.endsWith('Path') && looksEvaluated(value))
      warn(
        found,
        'NO_PATH',
        `The value of '${name}' looks like a path, but the field's name does not end in 'Path'`,
        [...place, name],
      );
}

function staticResult(found: Diagnostic[], value: Json | undefined, place: Place): void {
  each(value, place, (text, where) => {
    if (looksEvaluated(text))
      warn(
        found,
        'PASS_RESULT_IS_STATIC',
        "The 'Result' of a Pass state is taken as it stands; paths belong in 'Parameters'",
        where,
      );
  });
}

function looksEvaluated(text: string): boolean {
  return /^(\$\.|\$\$\.|States\.\w+\()/.test(text) && isPathOrIntrinsic(text);
}

function each(value: Json | undefined, place: Place, visit: (text: string, place: Place) => void): void {
  if (typeof value === 'string') visit(value, place);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) each(item, [...place, index], visit);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) each(item, [...place, key], visit);
}

function warn(found: Diagnostic[], code: string, message: string, place: Place): void {
  found.push({ severity: 'WARNING', code, message, location: locationOf(place), place });
}
