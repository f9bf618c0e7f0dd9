import { isObject, type Json } from '../../json/json.js';
import { entriesOf, objectOf } from '../../json/lossless.js';

export const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
export const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** `json` with every member's name changed, at all depths. */
export function renamed(json: Json, rename: (name: string) => string): Json {
  if (Array.isArray(json)) return json.map((item) => renamed(item, rename));
  if (!isObject(json)) return json;
  return objectOf(entriesOf(json).map(([name, value]) => [rename(name), renamed(value, rename)]));
}
