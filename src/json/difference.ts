import { isObject, type Json } from './json.js';
import { jsonText } from './lossless.js';

export interface Difference {
  /** JSONPath of the place. */
  path: string;
  /** JSON text; absent where there is nothing. */
  before?: string;
  after?: string;
}

/** Where two JSON values differ, outermost places first; the order of an object's keys does not count. */
export function jsonDifferences(before: Json | undefined, after: Json | undefined, path = '$'): Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => jsonDifferences(own(before, key), own(after, key), path + member(key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      jsonDifferences(before[index], after[index], `${path}[${index}]`),
    );
  }
  const texts = { before: textOf(before), after: textOf(after) };
  return texts.before === texts.after ? [] : [{ path, ...texts }];
}

const textOf = (value: Json | undefined): string | undefined =>
  value === undefined ? undefined : jsonText(value);

const own = (object: Record<string, Json>, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const member = (key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key.replaceAll("'", "\\'")}']`;
