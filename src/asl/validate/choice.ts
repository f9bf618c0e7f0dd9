import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { isPath } from '../data/json-path.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { evaluated, flag, text, timestamp } from './rules.js';
import { both, type Fields, jsonata, jsonPath, list, object, type Shape } from './shape.js';
import { assignment, template } from './template.js';

const number: Rule = (context, value, place) => {
  if (typeof value !== 'number') report(context, place, 'Expected value of type [NUMBER]');
};
const path: Rule = (context, value, place) => {
  if (typeof value !== 'string' || !isPath(value)) report(context, place, 'Value is not a valid JSONPath');
};

const OPERANDS = { String: text, Numeric: number, Timestamp: timestamp };
const COMPARISONS = ['Equals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const TESTS = ['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

/** Operator → what stands on its right. */
const OPERATORS: Record<string, Rule> = {
  StringMatches: text,
  BooleanEquals: flag,
  BooleanEqualsPath: path,
  ...Object.fromEntries(TESTS.map((name) => [name, flag])),
  ...Object.fromEntries(
    Object.entries(OPERANDS).flatMap(([type, rule]) =>
      COMPARISONS.flatMap((comparison) => [
        [type + comparison, rule],
        [`${type}${comparison}Path`, path],
      ]),
    ),
  ),
};

const nested = (context: Context, value: Json, place: Place): void => rule(context, value, place, NESTED);

const CONDITION: Fields = {
  Comment: both(text),
  Variable: jsonPath(path),
  And: jsonPath(list(nested)),
  Or: jsonPath(list(nested)),
  Not: jsonPath(nested),
  ...Object.fromEntries(Object.entries(OPERATORS).map(([name, operand]) => [name, jsonPath(operand)])),
};
const NESTED: Shape = { fields: CONDITION };
const TOP: Shape = {
  fields: {
    ...CONDITION,
    Condition: jsonata(evaluated(flag)),
    Next: both(text),
    Assign: both(assignment()),
    Output: jsonata(template()),
  },
  required: ['Next'],
};

export const choices = list((context, value, place) => rule(context, value, place, TOP));

function rule(context: Context, value: Json, place: Place, shape: Shape): void {
  object(shape)(context, value, place);
  if (!isObject(value)) return;
  if (context.language === 'JSONPath') condition(context, value, place);
  else if (value.Condition === undefined) report(context, place, 'These fields are required: [Condition]');
}

/** Exactly one of `And`, `Or`, `Not` and the comparisons, and a `Variable` for a comparison alone. */
function condition(context: Context, value: JsonObject, place: Place): void {
  const combined = ['And', 'Or', 'Not'].filter((name) => value[name] !== undefined);
  const compared = Object.keys(value).filter((name) => Object.hasOwn(OPERATORS, name));
  if (combined.length + compared.length !== 1) {
    report(context, place, 'A choice rule must have exactly one operator');
    return;
  }
  if (compared.length === 1 && value.Variable === undefined)
    report(context, place, 'These fields are required: [Variable]');
  if (combined.length === 1 && value.Variable !== undefined)
    report(context, place, "Field 'Variable' is not supported");
}
