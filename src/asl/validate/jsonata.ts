import type { Json } from '../../json/json.js';
import { type Context, report } from './context.js';
import type { Place } from './diagnostic.js';
import type { StatesField } from './jsonata-syntax.js';

/** Only a string that both starts and ends with the delimiters is an expression. */
export function isExpressionText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length >= 4 && value.startsWith('{%') && value.endsWith('%}');
}

/** A string with one of the delimiters only: AWS takes it for an expression that is badly closed or opened. */
export function isHalfExpression(value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  return value.startsWith('{%') !== value.endsWith('%}') || value === '{%}';
}

export function reportHalfExpression(context: Context, place: Place): void {
  report(context, place, 'JSONata string must start with {% and end with %}');
}

export function checkExpression(
  context: Context,
  text: string,
  place: Place,
  available: readonly StatesField[],
): void {
  for (const { code, message } of context.checks.expressions?.(text.slice(2, -2), available) ?? [])
    report(context, place, message, code);
}
