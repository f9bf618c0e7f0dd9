import { isObject, type Json } from '../../json/json.js';
import { entriesOf, objectOf } from '../../json/lossless.js';
import { Room } from './data-limit.js';
import { hashOrder } from './java-hash-order.js';
import { queryValue } from './jsonata-answer.js';
import { parseQuery, type Query, queryText } from './jsonata-query.js';
import { type Expression, expressionValue, parseExpression } from './path-or-intrinsic.js';
import type { Scope } from './scope.js';
import { fromItems, fromJson, fromMembers, jsonOf, type Member, type Value } from './value.js';

/** A field made ready: only what has a `"key.$"` (JSONPath) or a `{% … %}` (JSONata) in it is walked again. */
export type Template =
  | { kind: 'constant'; value: Json; whole?: Value }
  | { kind: 'array'; items: Template[] }
  | { kind: 'query'; query: Query }
  /** `twice`: a name stands among both, and has the place of the first and the value of the second. */
  | { kind: 'object'; fixed: [string, Template][]; dynamic: [string, Expression][]; twice?: boolean };

/** Throws a SyntaxError for a path or intrinsic that cannot be parsed. */
export function compileTemplate(json: Json): Template {
  if (Array.isArray(json)) {
    const items = json.map(compileTemplate);
    return items.every((item) => item.kind === 'constant')
      ? { kind: 'constant', value: json }
      : { kind: 'array', items };
  }
  if (!isObject(json)) return { kind: 'constant', value: json };
  const fixed: [string, Template][] = [];
  const filled = new Map<string, Expression>();
  for (const [key, value] of entriesOf(json)) {
    if (key.endsWith('.$') && typeof value === 'string') filled.set(key.slice(0, -2), parseExpression(value));
    else fixed.push([key, compileTemplate(value)]);
  }
  const dynamic = hashOrder([...filled.keys()]).map((name): [string, Expression] => [
    name,
    filled.get(name) as Expression,
  ]);
  const constant = dynamic.length === 0 && fixed.every(([, template]) => template.kind === 'constant');
  if (constant) return { kind: 'constant', value: json };
  return { kind: 'object', fixed, dynamic, twice: fixed.some(([name]) => filled.has(name)) };
}

/** Makes a field of a JSONata state ready: every string `{% … %}` in it is a query, the rest is itself. */
export function compileQueries(json: Json, location: string): Template {
  if (typeof json === 'string') {
    const text = queryText(json);
    return text === undefined
      ? { kind: 'constant', value: json }
      : { kind: 'query', query: parseQuery(text, location) };
  }
  if (Array.isArray(json)) {
    const items = json.map((item, index) => compileQueries(item, `${location}[${index}]`));
    return items.every(isConstant) ? { kind: 'constant', value: json } : { kind: 'array', items };
  }
  if (!isObject(json)) return { kind: 'constant', value: json };
  const fixed = entriesOf(json).map(([key, value]): [string, Template] => [
    key,
    compileQueries(value, `${location}/${key}`),
  ]);
  return fixed.every(([, value]) => isConstant(value))
    ? { kind: 'constant', value: json }
    : { kind: 'object', fixed, dynamic: [] };
}

const isConstant = ({ kind }: Template): boolean => kind === 'constant';

/** All queries of a template, in the order in which they stand. */
export function queriesIn(template: Template): Query[] {
  switch (template.kind) {
    case 'constant':
      return [];
    case 'query':
      return [template.query];
    case 'array':
      return template.items.flatMap(queriesIn);
    case 'object':
      return template.fixed.flatMap(([, value]) => queriesIn(value));
  }
}

/**
 * As AWS writes it, fixed fields come before those that paths fill, which a HashMap orders.
 * @throws OverLimit as soon as it is larger than a state's data may be
 */
export const resolveTemplate = (template: Template, scope: Scope): Json =>
  jsonOf(templateValue(template, scope));

/** As resolveTemplate; documents that it places whole are not looked into. */
export function templateValue(template: Template, scope: Scope): Value {
  return resolved(template, scope, new Room(), 0);
}

/** What the definition itself holds takes no room: it is there once, however often it is used. */
function resolved(template: Template, scope: Scope, room: Room, levels: number): Value {
  switch (template.kind) {
    case 'constant':
      template.whole ??= fromJson(template.value);
      return template.whole;
    case 'query': {
      const value = queryValue(template.query, scope);
      room.place(value, levels);
      return fromJson(value);
    }
    case 'array':
      room.enter(levels);
      return fromItems(template.items.map((item) => resolved(item, scope, room, levels + 1)));
    case 'object': {
      room.enter(levels);
      const members: Member[] = [];
      for (const [name, value] of template.fixed)
        members.push([name, resolved(value, scope, room, levels + 1)]);
      for (const [name, expression] of template.dynamic) {
        room.name(name);
        const value = expressionValue(expression, scope, `${name}.$`);
        room.placeValue(value, levels + 1);
        members.push([name, value]);
      }
      return template.twice
        ? fromJson(objectOf(members.map(([name, value]) => [name, jsonOf(value)])))
        : fromMembers(members);
    }
  }
}
