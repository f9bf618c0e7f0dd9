import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { isPathOrIntrinsic } from './field-rules.js';
import { checkExpression, isExpressionText, isHalfExpression, reportHalfExpression } from './jsonata.js';
import type { StatesField } from './jsonata-syntax.js';

/**
 * A payload template: paths and intrinsic functions behind keys that end in `.$`, or in a JSONata state
 * expressions anywhere, which may read `available` of `$states` beside the input and the context.
 */
export function template(...available: StatesField[]): Rule {
  return (context, value, place) => {
    if (context.language === 'JSONata') expressions(context, value, place, available);
    else paths(context, value, place);
  };
}

function expressions(context: Context, value: Json, place: Place, available: StatesField[]): void {
  if (isExpressionText(value)) checkExpression(context, value, place, available);
  else if (isHalfExpression(value)) reportHalfExpression(context, place);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) expressions(context, item, [...place, index], available);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) expressions(context, item, [...place, key], available);
}

function paths(context: Context, value: Json, place: Place): void {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) paths(context, item, [...place, index]);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!key.endsWith('.$')) paths(context, item, [...place, key]);
    else if (typeof item !== 'string' || !isPathOrIntrinsic(item))
      report(
        context,
        place,
        `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`,
      );
  }
}

/** A template that must be an object. */
export function objectTemplate(...available: StatesField[]): Rule {
  const inner = template(...available);
  return (context, value, place) => {
    if (isObject(value)) inner(context, value, place);
    else report(context, place, 'Expected value of type Object');
  };
}

/** Names of the variables that an `Assign` sets. */
export function assignedNames(assign: JsonObject, language: Context['language']): string[] {
  return Object.keys(assign).map((key) => (language === 'JSONPath' ? key.replace(/\.\$$/, '') : key));
}

const VARIABLE = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

/** `Assign`: variable names → template. */
export function assignment(...available: StatesField[]): Rule {
  const values = objectTemplate(...available);
  return (context, value, place) => {
    values(context, value, place);
    if (!isObject(value)) return;
    for (const name of assignedNames(value, context.language)) {
      const [problem, code] = nameProblem(context, name) ?? [];
      if (problem !== undefined) report(context, place, problem, code);
    }
  };
}

function nameProblem(context: Context, name: string): [message: string, code: string] | undefined {
  const invalid = (why: string): [string, string] => [
    `Invalid variable name '${name}': ${why}`,
    'INVALID_VARIABLE_NAME',
  ];
  if (name.length > 80) return invalid('the variable name exceeds the 80-character limit.');
  if (!VARIABLE.test(name)) return invalid('the variable name contains invalid characters.');
  if (name === 'states') return ["Cannot assign to reserved variable '$states'.", 'RESERVED_VARIABLE_NAME'];
  if (context.outerVariables.has(name))
    return [`The variable name '${name}' was already defined in a parent scope.`, 'DUPLICATE_VARIABLE_NAME'];
  return undefined;
}
