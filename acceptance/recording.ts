import { isObject, type Json } from '../src/json/json.js';
import { parsePrecise } from '../test/conformance/precise.js';
import type { Side } from './side.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const REQUEST_ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Z]{16})$/;
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/g;
/** Long, of letters of both cases and digits: nothing of ours looks so. */
const TOKEN =
  /(?=[A-Za-z0-9+/=_-]*[a-z])(?=[A-Za-z0-9+/=_-]*[A-Z])(?=[A-Za-z0-9+/=_-]*\d)[A-Za-z0-9+/=_-]{90,}/g;
/** What is so near to now is of this run: the end of a redrive's time is two weeks off. */
const NEAR_MS = 30 * 86_400_000;
const isNear = (moment: number): boolean => Math.abs(moment - Date.now()) < NEAR_MS;

/** What a service answered, in account and region of recordings. */
export function renamed<T>(value: T, { place }: Pick<Side, 'place'>): T {
  const text = (JSON.stringify(value) ?? 'null')
    .replace(new RegExp(`(?<![\\w-])${place.account}(?![\\w-])`, 'g'), '111111111111')
    .replace(new RegExp(`(?<![a-z])${place.region}(?![\\w-])`, 'g'), 'us-east-1');
  return JSON.parse(text) as T;
}

/**
 * Turns what a target answered into what a recording of it would have: JSON in texts parsed, and placeholders for what
 * is of one run: ids, moments of now, request ids. What the case itself gave is none of these.
 */
export function recorder(given: string): (value: Json) => Json {
  const ids = new Map<string, number>();
  const ours = (text: string): boolean => given.includes(text);
  const masked = (text: string): string =>
    text
      .replace(/Extended Request ID: [\w+/=-]+/g, 'Extended Request ID: <extended-request-id>')
      .replace(/(?<!Extended )Request ID: [\w-]+/g, 'Request ID: <request-id>')
      .replace(UUID, (id) => {
        if (ours(id)) return id;
        if (!ids.has(id)) ids.set(id, ids.size + 1);
        return `<uuid:${ids.get(id)}>`;
      })
      .replace(MOMENT, (moment) => (ours(moment) || !isNear(Date.parse(moment)) ? moment : '<timestamp>'))
      .replace(TOKEN, (token) => (ours(token) ? token : '<token>'));
  const walk = (value: Json, text: (given: string) => Json): Json => {
    if (typeof value === 'string') return text(value);
    // As Step Functions has dates in what it answers to a Task.
    if (typeof value === 'number') return isNear(value) ? '<timestamp>' : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, text));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        /^requestId$/i.test(name) && REQUEST_ID.test(String(member)) ? '<request-id>' : walk(member, text),
      ]),
    );
  };
  // JSON in a text inside of such a text stays one, letter by letter.
  return (value) => walk(value, (text) => walk(parsed(text), masked));
}

function parsed(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return parsePrecise(text);
  } catch {
    return text;
  }
}

/** For people: no token of a task is shown. */
export const withoutTokens = (text: string): string => text.replace(TOKEN, '<token>');
