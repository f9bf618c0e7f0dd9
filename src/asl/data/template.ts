import { isObject, type Json } from '../../json/json.js';
import { entriesOf, objectOf } from '../../json/written.js';
import { type Expression, evaluateExpression, parseExpression, type Scope } from './expression.js';
import { hashOrder } from './java.js';
import { type Query, queryValue } from './query.js';
import { Room } from './room.js';

/** A field made ready: only what has a `"key.$"` (JSONPath) or a `{% … %}` (JSONata) in it is walked again. */
export type Template =
  | { kind: 'constant'; value: Json }
  | { kind: 'array'; items: Template[] }
  | { kind: 'query'; query: Query }
  | { kind: 'object'; fixed: [string, Template][]; dynamic: [string, Expression][] };

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
  return constant ? { kind: 'constant', value: json } : { kind: 'object', fixed, dynamic };
}

/**
 * As AWS writes it, fixed fields come before those that paths fill, which a HashMap orders.
 * @throws OverLimit as soon as it is larger than a state's data may be
 */
export function resolveTemplate(template: Template, scope: Scope): Json {
  return resolved(template, scope, new Room(), 0);
}

/** What the definition itself holds takes no room: it is there once, however often it is used. */
function resolved(template: Template, scope: Scope, room: Room, levels: number): Json {
  const placed = (value: Json, at: number): Json => {
    room.place(value, at);
    return value;
  };
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'query':
      return placed(queryValue(template.query, scope), levels);
    case 'array':
      room.enter(levels);
      return template.items.map((item) => resolved(item, scope, room, levels + 1));
    case 'object': {
      room.enter(levels);
      const entries: [string, Json][] = template.fixed.map(([key, value]) => [
        key,
        resolved(value, scope, room, levels + 1),
      ]);
      for (const [name, expression] of template.dynamic) {
        room.name(name);
        entries.push([name, placed(evaluateExpression(expression, scope, `${name}.$`), levels + 1)]);
      }
      return objectOf(entries);
    }
  }
}
