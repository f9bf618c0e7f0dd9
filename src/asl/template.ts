import { type Expression, evaluateExpression, parseExpression, type Scope } from './expression.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { type Query, queryValue } from './query.js';

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
  const dynamic: [string, Expression][] = [];
  for (const [key, value] of Object.entries(json)) {
    if (key.endsWith('.$') && typeof value === 'string') dynamic.push([key, parseExpression(value)]);
    else fixed.push([key, compileTemplate(value)]);
  }
  const constant = dynamic.length === 0 && fixed.every(([, template]) => template.kind === 'constant');
  return constant ? { kind: 'constant', value: json } : { kind: 'object', fixed, dynamic };
}

/** As AWS writes it, fixed fields come before those that paths fill. */
export function resolveTemplate(template: Template, scope: Scope): Json {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'query':
      return queryValue(template.query, scope);
    case 'array':
      return template.items.map((item) => resolveTemplate(item, scope));
    case 'object': {
      const entries: [string, Json][] = template.fixed.map(([key, value]) => [
        key,
        resolveTemplate(value, scope),
      ]);
      for (const [key, expression] of template.dynamic)
        entries.push([key.slice(0, -2), evaluateExpression(expression, scope, key)]);
      return Object.fromEntries(entries) as JsonObject;
    }
  }
}
