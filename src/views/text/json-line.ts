import { isObject, type Json, parsedJson } from '../../json/json.js';

const LONGEST = 200;

/** What a JSON text is about, for a line of a list: its first members that are no objects, or itself. */
export function jsonLine(text: string): string {
  const json = parsedJson(text);
  if (typeof json === 'string') return json.slice(0, LONGEST);
  const parts = !isObject(json)
    ? []
    : Object.entries(json).flatMap(([name, value]) => {
        const short = shortOf(value);
        return short === undefined ? [] : [`${name}: ${short}`];
      });
  return parts.length === 0 ? text.slice(0, LONGEST) : parts.slice(0, 6).join(' · ');
}

const shortOf = (value: Json): string | undefined =>
  typeof value === 'object' ? undefined : String(value).slice(0, 60);
