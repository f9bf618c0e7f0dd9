import { isObject, type Json, type JsonObject } from '../../json/json.js';

/** Fields that hold states of their own. */
const workflows = new Set(['ItemProcessor', 'Iterator', 'Branches']);

/** The variables that each state reads, sorted, by the state's name; states that read none are left out. */
export function variableReferences(definition: JsonObject): Record<string, string[]> {
  const references: Record<string, string[]> = {};
  collect(definition, definition.QueryLanguage, references);
  return references;
}

function collect(workflow: Json, language: Json | undefined, references: Record<string, string[]>): void {
  if (!isObject(workflow) || !isObject(workflow.States)) return;
  for (const [name, state] of Object.entries(workflow.States)) {
    if (!isObject(state)) continue;
    const found = new Set<string>();
    const own = Object.entries(state).filter(([field]) => !workflows.has(field));
    const jsonata = (state.QueryLanguage ?? language) === 'JSONata';
    for (const [field, value] of own) (jsonata ? readExpressions : readPaths)(value, field, found);
    if (found.size > 0) references[name] = [...found].sort();
    for (const field of ['ItemProcessor', 'Iterator'] as const)
      collect(state[field] ?? null, language, references);
    for (const branch of Array.isArray(state.Branches) ? state.Branches : [])
      collect(branch, language, references);
  }
}

/** JSONPath stands in `Variable`, `…Path` and `….$`, alone or within intrinsic functions. */
function readPaths(value: Json, field: string, found: Set<string>): void {
  if (typeof value === 'string') {
    if (field !== 'Variable' && !field.endsWith('Path') && !field.endsWith('.$')) return;
    const outside = value.replace(/'(?:[^'\\]|\\.)*'/g, '');
    for (const [, name = ''] of outside.matchAll(/(?<![$\w.])\$([\p{ID_Start}_]\p{ID_Continue}*)/gu))
      found.add(name);
    return;
  }
  if (Array.isArray(value)) for (const member of value) readPaths(member, '', found);
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) readPaths(member, key, found);
}

function readExpressions(value: Json, _field: string, found: Set<string>): void {
  if (typeof value === 'string') {
    const expression = /^\{%([\s\S]*)%\}$/.exec(value.trim())?.[1];
    if (expression !== undefined) for (const name of expressionVariables(expression)) found.add(name);
    return;
  }
  if (Array.isArray(value)) for (const member of value) readExpressions(member, '', found);
  else if (isObject(value)) for (const member of Object.values(value)) readExpressions(member, '', found);
}

/** `$name` where it is neither a function, nor bound in the expression itself, nor `$states`. */
function expressionVariables(expression: string): string[] {
  const code = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[\s\S]*?\*\//g, ' ');
  const bound = new Set(['states']);
  for (const [, name = ''] of code.matchAll(/\$(\w+)\s*:=/g)) bound.add(name);
  for (const [, parameters = ''] of code.matchAll(/(?:function|λ)\s*\(([^)]*)\)/g))
    for (const [, name = ''] of parameters.matchAll(/\$(\w+)/g)) bound.add(name);
  const used = [...code.matchAll(/(?<![$\w])\$([\p{ID_Start}_]\p{ID_Continue}*)(?!\s*\(|\p{ID_Continue})/gu)];
  return used.flatMap(([, name = '']) => (bound.has(name) ? [] : [name]));
}
