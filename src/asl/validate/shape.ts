import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Context, type Language, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';

/** A field's rule, and the one query language that has the field, if not both. */
export interface Field {
  rule: Rule;
  language?: Language;
}

export type Fields = Readonly<Record<string, Field>>;

/** Which fields an object may have, must have, and may have only one of. */
export interface Shape {
  fields: Fields;
  required?: readonly string[];
  exclusive?: readonly (readonly string[])[];
}

export const both = (rule: Rule): Field => ({ rule });
export const jsonPath = (rule: Rule): Field => ({ rule, language: 'JSONPath' });
export const jsonata = (rule: Rule): Field => ({ rule, language: 'JSONata' });

/** A literal field and the `…Path` that JSONPath states may have in its stead. */
export function orPath(name: string, literal: Rule, path: Rule): Fields {
  return { [name]: both(literal), [`${name}Path`]: jsonPath(path) };
}

export function checkShape(context: Context, holder: JsonObject, shape: Shape, place: Place): void {
  const missing = (shape.required ?? []).filter((name) => holder[name] === undefined);
  if (missing.length > 0) report(context, place, `These fields are required: [${missing.join(', ')}]`);
  for (const names of shape.exclusive ?? []) onlyOneOf(context, holder, names, place);
  for (const [name, value] of Object.entries(holder)) {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (!field) report(context, place, `Field '${name}' is not supported`);
    else if (field.language && field.language !== context.language)
      otherLanguage(context, name, field.language, place);
    else field.rule(context, value, [...place, name]);
  }
}

/** Answers how many of them there are. */
function onlyOneOf(
  context: Context,
  holder: Partial<JsonObject>,
  names: readonly string[],
  place: Place,
): number {
  const there = names.filter((name) => holder[name] !== undefined).length;
  if (there > 1)
    report(context, place, `There should only be one of the following fields: [${names.join(', ')}]`);
  return there;
}

/** That there is one of them. */
export function exactlyOneOf(
  context: Context,
  holder: Partial<JsonObject>,
  names: readonly string[],
  place: Place,
): void {
  if (onlyOneOf(context, holder, names, place) === 0)
    report(context, place, `This object should have only one of the following fields: [${names.join(', ')}]`);
}

function otherLanguage(context: Context, name: string, needed: Language, place: Place): void {
  // Of a state that falls back to JSONPath in a JSONata machine, AWS reports only that.
  if (context.machineLanguage === 'JSONata' && context.language === 'JSONPath') return;
  report(
    context,
    place,
    `The QueryLanguage is set to '${context.language}', but field '${name}' is only supported for the '${needed}' QueryLanguage`,
  );
}

/** The rule that a value is an object of that shape; `more` judges what concerns several fields. */
export function object(
  shape: Shape,
  more?: (context: Context, value: JsonObject, place: Place) => void,
): Rule {
  return (context, value, place) => {
    if (!isObject(value)) {
      report(context, place, 'Expected value of type Object');
      return;
    }
    checkShape(context, value, shape, place);
    more?.(context, value, place);
  };
}

/** The rule that a value is a list of at least one; `item` hears whether its item is the last. */
export function list(
  item: (context: Context, value: Json, place: Place, last: boolean) => void,
  empty = false,
): Rule {
  return (context, value, place) => {
    if (!Array.isArray(value)) {
      report(context, place, 'Expected value of type Array');
      return;
    }
    if (value.length === 0 && !empty) report(context, place, 'Value cannot be empty');
    for (const [index, part] of value.entries())
      item(context, part, [...place, index], index === value.length - 1);
  };
}
