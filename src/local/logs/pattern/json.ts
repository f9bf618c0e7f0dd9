import { isObject, type Json } from '../../../json/json.js';
import { takeComparison, takeCondition } from './comparison.js';
import { type Matcher, Scanner } from './scanner.js';

type Segment = string | number | '*any*';
const any = '*any*';

/** Unquoted values, wildcards among them: `4*`, `123.123.*`, `1e+3`. */
const bareValue = /[-+\w.*]+/y;

/** `{ $.a.b[0] = "x*" && ($.n > 3 || $.z IS NULL) }`: events that are JSON objects. */
export function jsonPattern(text: string): Matcher {
  const scanner = new Scanner(text);
  scanner.expect(/\{/y);
  const condition = takeCondition<Json>(scanner, () => takeSimple(scanner));
  scanner.expect(/\}/y);
  if (!scanner.atEnd()) throw scanner.invalidTerm();
  return (message) => {
    // Most events that are not JSON are recognized by their first character.
    if (!/^\s*[{[]/.test(message)) return false;
    try {
      return condition(JSON.parse(message) as Json);
    } catch {
      return false;
    }
  };
}

function takeSimple(scanner: Scanner): (event: Json) => boolean {
  const path = takeSelector(scanner);
  if (scanner.take(/NOT\s+EXISTS\b/iy)) return (event) => valuesAt(event, path).length === 0;
  const is = scanner.take(/IS\s+(NULL|TRUE|FALSE)\b/iy);
  if (is) {
    const wanted = JSON.parse((is[1] ?? '').toLowerCase()) as null | boolean;
    return (event) => valuesAt(event, path).some((value) => value === wanted);
  }
  const test = takeComparison(scanner, bareValue);
  return (event) =>
    valuesAt(event, path).some((value) => value !== null && typeof value !== 'object' && test(value));
}

function takeSelector(scanner: Scanner): Segment[] {
  if (!scanner.take(/\$/y)) throw scanner.invalidTerm();
  const path: Segment[] = [];
  for (;;) {
    const match =
      scanner.take(/\.?\[\s*(?:(?<index>\d+)|(?<all>\*)|'(?<name>[^']*)')\s*\]/y) ??
      scanner.take(/\.(?:(?<all>\*)|(?<name>[\p{L}\p{N}_-]+))/uy);
    if (!match?.groups) break;
    const { index, all, name } = match.groups;
    path.push(all ? any : index === undefined ? (name ?? '') : Number(index));
  }
  if (path.length === 0) throw scanner.invalidTerm();
  return path;
}

/** What the selector points to; a wildcard may point to several values, no value is none. */
function valuesAt(event: Json, path: Segment[]): Json[] {
  let found: Json[] = [event];
  for (const segment of path) found = found.flatMap((value) => step(value, segment));
  return found;
}

function step(value: Json, segment: Segment): Json[] {
  if (segment === any) return value !== null && typeof value === 'object' ? Object.values(value) : [];
  if (typeof segment === 'number')
    return Array.isArray(value) && segment in value ? [value[segment] ?? null] : [];
  return isObject(value) && Object.hasOwn(value, segment) ? [value[segment] ?? null] : [];
}
