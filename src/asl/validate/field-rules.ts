import type { Json } from '../../json/json.js';
import { isPath, parsePath } from '../data/json-path.js';
import { parseExpression } from '../data/path-or-intrinsic.js';
import { parseTimestamp } from '../data/timestamp.js';
import { type Rule, report } from './context.js';
import { checkExpression, isExpressionText, isHalfExpression, reportHalfExpression } from './jsonata.js';

/** Rules on single values that know nothing of the field they judge. */

export const anything: Rule = () => {};

export const text: Rule = (context, value, place) => {
  if (typeof value !== 'string') report(context, place, 'Expected value of type String');
};

export const flag: Rule = (context, value, place) => {
  if (typeof value !== 'boolean') report(context, place, 'Expected value of type Boolean');
};

export function oneOf(...values: string[]): Rule {
  return (context, value, place) => {
    if (typeof value !== 'string') text(context, value, place);
    else if (!values.includes(value))
      report(context, place, `Value should be one of the following: [${values.join(', ')}]`);
  };
}

export function integer(minimum: number, maximum = Number.POSITIVE_INFINITY): Rule {
  return (context, value, place) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      report(context, place, 'Expected value of type Integer');
    else if (value < minimum) report(context, place, `Minimum value is ${minimum}`);
    else if (value > maximum) report(context, place, `Maximum value is ${maximum}`);
  };
}

export function decimal(minimum: number, maximum = Number.POSITIVE_INFINITY): Rule {
  return (context, value, place) => {
    if (typeof value !== 'number') report(context, place, 'Expected value of type Number');
    else if (value < minimum) report(context, place, `Minimum value is ${minimum.toFixed(1)}`);
    else if (value > maximum) report(context, place, `Maximum value is ${maximum.toFixed(1)}`);
  };
}

/** In a JSONata state an expression may stand for the literal. */
export function evaluated(literal: Rule): Rule {
  return (context, value, place) => {
    if (context.language === 'JSONata' && isExpressionText(value)) checkExpression(context, value, place, []);
    else if (context.language === 'JSONata' && isHalfExpression(value)) reportHalfExpression(context, place);
    else literal(context, value, place);
  };
}

export const timestamp: Rule = (context, value, place) => {
  if (typeof value !== 'string' || parseTimestamp(value) === undefined)
    report(context, place, 'String does not match RFC3339 timestamp');
};

/** Any JSONPath, or null for none at all. */
export const nullablePath: Rule = (context, value, place) => {
  if (value !== null && (typeof value !== 'string' || !isPath(value)))
    report(context, place, 'Value must be a valid JSONPath.');
};

/** A path to one node of the input (or variable); `context` admits the Context object too. */
export function referencePath(allow: { context?: boolean; null?: boolean } = {}): Rule {
  return (context, value, place) => {
    if (value === null && allow.null) return;
    if (typeof value !== 'string' || !isReferencePath(value, allow.context ?? false))
      report(context, place, noReferencePath(value));
  };
}

export const noReferencePath = (value: Json): string =>
  typeof value === 'string' && !value.startsWith('$')
    ? "Value is not a Reference Path: Reference path didn't start with '$'"
    : 'Value is not a Reference Path';

function isReferencePath(value: string, allowContext: boolean): boolean {
  if (!isPath(value)) return false;
  const path = parsePath(value);
  return path.definite && (allowContext || path.root !== '$$');
}

/** A path, or an intrinsic function whose answer is a string. */
export const pathOrIntrinsic: Rule = (context, value, place) => {
  if (typeof value !== 'string' || !isPathOrIntrinsic(value))
    report(context, place, 'Value is not a valid JSONPath or intrinsic function call');
};

export function isPathOrIntrinsic(value: string): boolean {
  try {
    parseExpression(value);
    return true;
  } catch {
    return false;
  }
}
