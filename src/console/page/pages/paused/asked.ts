import { isObject, type Json, parsedJson } from '../../../../json/json.js';
import { payloadOf, withoutRouting } from '../../../../workflow/answer/asked.js';
import type { PausedRow } from '../../../api.js';

/** Of a task token; it says nothing to who answers. */
const STRUCK_OUT = '<redacted>';

/** JSON text of what is asked: without what services and the framework put around it. */
export function askedText({ asked, input }: Pick<PausedRow, 'asked' | 'input'>): string | undefined {
  if (asked === undefined) return input;
  const json = parsedJson(asked);
  return json === undefined ? asked : JSON.stringify(withoutToken(withoutRouting(payloadOf(json))));
}

/** Its first members, for a line of a list. */
export function firstLine(step: Pick<PausedRow, 'asked' | 'input'>): string | undefined {
  const text = askedText(step);
  const json = parsedJson(text);
  if (!isObject(json)) return text?.slice(0, 200);
  const parts = Object.entries(json).flatMap(([name, value]) => {
    const short = shortOf(value);
    return short === undefined ? [] : [`${name}: ${short}`];
  });
  return parts.length === 0 ? text?.slice(0, 200) : parts.slice(0, 6).join(' · ');
}

function withoutToken(json: Json): Json {
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== STRUCK_OUT));
}

const shortOf = (value: Json): string | undefined =>
  typeof value === 'object' ? undefined : String(value).slice(0, 60);
