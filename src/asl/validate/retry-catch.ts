import { isObject, type JsonObject } from '../../json/json.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { decimal, integer, oneOf, referencePath, text } from './field-rules.js';
import { both, jsonata, jsonPath, list, object } from './shape.js';
import { assignment, template } from './template.js';

const RETRIER = object({
  fields: {
    Comment: both(text),
    ErrorEquals: both(list(text)),
    IntervalSeconds: both(integer(0, 99_999_999)),
    MaxAttempts: both(integer(0, 99_999_999)),
    BackoffRate: both(decimal(1)),
    MaxDelaySeconds: both(integer(1, 31_622_400)),
    JitterStrategy: both(oneOf('NONE', 'FULL')),
  },
  required: ['ErrorEquals'],
});

const CATCHER = object({
  fields: {
    Comment: both(text),
    ErrorEquals: both(list(text)),
    Next: both(text),
    Assign: both(assignment('errorOutput')),
    Output: jsonata(template('errorOutput')),
    ResultPath: jsonPath(referencePath({ null: true })),
  },
  required: ['ErrorEquals', 'Next'],
});

export const retry = handlers(RETRIER);
export const catching = handlers(CATCHER);

function handlers(handler: Rule): Rule {
  return list((context, value, place, last) => {
    handler(context, value, place);
    if (isObject(value)) wildcard(context, value, place, last);
  }, true);
}

/** `States.ALL` stands alone, and last. */
function wildcard(context: Context, { ErrorEquals: names }: JsonObject, place: Place, last: boolean): void {
  if (!Array.isArray(names) || !names.includes('States.ALL')) return;
  const where = [...place, 'ErrorEquals'];
  if (names.length > 1 || !last) report(context, where, 'States.ALL must appear alone and at end of list');
}
