import { isObject, type Json, type JsonObject, parsedJson } from '../../json/json.js';

const LONGEST = 200;

/** What a JSON text is about, for a line of a list: its first members that are no objects, then those in its objects; or itself. */
export function jsonLine(text: string): string {
  const json = parsedJson(text);
  if (typeof json === 'string') return json.slice(0, LONGEST);
  const parts = isObject(json) ? [...plainMembers(json), ...Object.values(json).flatMap(membersOf)] : [];
  return parts.length === 0 ? text.slice(0, LONGEST) : parts.slice(0, 6).join(' · ');
}

const membersOf = (value: Json): string[] => (isObject(value) ? plainMembers(value) : []);

const plainMembers = (object: JsonObject): string[] =>
  Object.entries(object).flatMap(([name, value]) => {
    const short = shortOf(value);
    return short === undefined ? [] : [`${name}: ${short}`];
  });

const shortOf = (value: Json): string | undefined =>
  typeof value === 'object' ? undefined : String(value).slice(0, 60);
