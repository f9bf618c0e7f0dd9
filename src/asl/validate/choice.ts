import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { isPath } from '../data/json-path.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { evaluated, flag, noReferencePath, text, timestamp } from './field-rules.js';
import { both, exactlyOneOf, type Fields, jsonata, jsonPath, list, object, type Shape } from './shape.js';
import { assignment, template } from './template.js';

const number: Rule = (context, value, place) => {
  if (typeof value !== 'number') report(context, place, 'Expected value of type Number');
};
const path: Rule = (context, value, place) => {
  if (typeof value !== 'string' || !isPath(value)) report(context, place, noReferencePath(value));
};

/** The comparisons, in the order of AWS's complaint. */
const LISTED = [
  'StringEquals',
  'IsBoolean',
  'StringLessThan',
  'IsNumeric',
  'BooleanEquals',
  'StringLessThanEqualsPath',
  'NumericLessThan',
  'NumericGreaterThan',
  'NumericLessThanPath',
  'StringMatches',
  'TimestampLessThanEqualsPath',
  'NumericEquals',
  'TimestampGreaterThan',
  'StringGreaterThanEqualsPath',
  'TimestampGreaterThanEqualsPath',
  'TimestampLessThanEquals',
  'NumericLessThanEqualsPath',
  'TimestampEquals',
  'BooleanEqualsPath',
  'IsTimestamp',
  'StringLessThanEquals',
  'NumericLessThanEquals',
  'StringLessThanPath',
  'TimestampGreaterThanPath',
  'StringGreaterThan',
  'StringGreaterThanPath',
  'IsString',
  'StringEqualsPath',
  'TimestampEqualsPath',
  'TimestampLessThan',
  'StringGreaterThanEquals',
  'NumericGreaterThanPath',
  'NumericGreaterThanEquals',
  'NumericEqualsPath',
  'TimestampLessThanPath',
  'IsNull',
  'IsPresent',
  'TimestampGreaterThanEquals',
  'NumericGreaterThanEqualsPath',
] as const;

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

/** What a rule is: exactly one of these. */
const KINDS = ['And', 'Or', 'Not', 'Variable', 'Condition'];

function rule(context: Context, value: Json, place: Place, shape: Shape): void {
  object(shape)(context, value, place);
  if (!isObject(value)) return;
  const kinds = KINDS.filter((name) => value[name] !== undefined);
  if (kinds.length !== 1)
    report(context, place, `The object must have only one of the following fields, [${KINDS.join(', ')}]`);
  else if (context.language === 'JSONPath') comparison(context, value, place);
}

/** Of a rule with a `Variable`, exactly one comparison; of the others, none. */
function comparison(context: Context, value: JsonObject, place: Place): void {
  if (value.Variable !== undefined) {
    exactlyOneOf(context, value, LISTED, place);
    return;
  }
  for (const name of Object.keys(value))
    if (Object.hasOwn(OPERATORS, name)) report(context, place, `Field '${name}' is not supported`);
}
