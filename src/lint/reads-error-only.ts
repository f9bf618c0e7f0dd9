import { isObject, type Json, type JsonObject } from '../json/json.js';

/** The state reads members of the error where a catcher without ResultPath puts them, and nothing else. (JSONPath) */
export function wantsErrorAlone({ Parameters, Choices, ...fields }: JsonObject): boolean {
  const own = Object.entries(fields).filter(([name]) => /Path$/.test(name) && !/^(Result|Output)/.test(name));
  const read = [
    ...readPaths({ Parameters: Parameters ?? null, Choices: Choices ?? null, ...Object.fromEntries(own) }),
  ];
  return read.length > 0 && read.every((path) => /^\$\.(Error|Cause)\b/.test(path));
}

/** References, also those in intrinsic functions: `$.a.b`, `$`; those of the context begin with `$$`. */
function* readPaths(value: Json, key = ''): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* readPaths(item, key);
  else if (isObject(value)) for (const [name, item] of Object.entries(value)) yield* readPaths(item, name);
  else if (typeof value === 'string' && /(\.\$|Path|^Variable)$/.test(key))
    for (const [path] of value.matchAll(/\$[\w$.[\]'"*?@-]*/g)) if (!path.startsWith('$$')) yield path;
}
