import { isObject, type Json, type JsonObject, parsedJson } from '../../src/json/json.js';

/** Task tokens of the recording by what they are now: whoever answers one has it from a table, not from its event. */
export type Tokens = Map<string, string>;

/** Counts deliveries, and is no part of what happens. */
const unrelated = new Set(['ApproximateReceiveCount', 'SenderId', 'md5OfBody', 'RetryCount']);
const separators = /[#@:/]/;

/** How much two events differ: members that one of both lacks count most; ids, dates, tokens and ARNs do not count. */
export function difference(recorded: Json | undefined, live: Json | undefined): number {
  if (recorded === undefined || live === undefined) return 10;
  const [a, b] = [unfolded(recorded), unfolded(live)];
  if (Array.isArray(a) && Array.isArray(b)) {
    let sum = 10 * Math.abs(a.length - b.length);
    for (let index = 0; index < Math.min(a.length, b.length); index++) sum += difference(a[index], b[index]);
    return sum;
  }
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].reduce(
      (sum, name) => sum + difference(a[name], b[name]),
      0,
    );
  }
  if (a === b || isIdentity(a) || isIdentity(b)) return 0;
  return 1;
}

/** An id, a date, a token or an ARN. */
const isIdentity = (value: Json): boolean =>
  typeof value === 'number' ||
  (typeof value === 'string' && (/^(arn:|<token-|\d{4}-\d\d-\d\dT)/.test(value) || /[\w-]{20,}/.test(value)));

/** JSON within a string, as what it is. */
function unfolded(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  return parsedJson(value) ?? value;
}

/** What of the recording stands for what now, from an event of then and one of now. */
export function substitutionsOf(recorded: JsonObject, live: JsonObject, tokens: Tokens): Map<string, string> {
  const found = new Map<string, string>();
  collect(recorded, live, found);
  for (const [then, now] of found) if (/^<token-\d+>$/.test(then)) tokens.set(then, now);
  for (const [then, now] of tokens) found.set(then, now);
  return found;
}

function collect(recorded: Json, live: Json | undefined, found: Map<string, string>): void {
  if (live === undefined || recorded === live) return;
  const [a, b] = [unfolded(recorded), unfolded(live)];
  if (typeof a === 'string' && typeof b === 'string') pair(a, b, found);
  else if (Array.isArray(a) && Array.isArray(b))
    for (const [index, value] of a.entries()) collect(value, b[index], found);
  else if (isObject(a) && isObject(b)) {
    for (const [name, value] of Object.entries(a)) if (!unrelated.has(name)) collect(value, b[name], found);
  }
}

function pair(then: string, now: string, found: Map<string, string>): void {
  if (then === now) return;
  found.set(then, now);
  if (/^\d{4}-\d\d-\d\dT/.test(then)) return;
  const [parts, others] = [then.split(separators), now.split(separators)];
  if (parts.length !== others.length || parts.length === 1) return;
  for (const [index, part] of parts.entries()) {
    const other = others[index] ?? '';
    // Account, region and service of an ARN are those of a server, and stand in other ARNs too.
    if (then.startsWith('arn:') && index < 5) continue;
    if (part !== other && part.length >= 4) found.set(part, other);
  }
}

/** The same value with what stood then replaced by what stands now, the longest first. */
export function substituted<T extends Json>(value: T, found: ReadonlyMap<string, string>): T {
  const long = [...found.keys()].filter((key) => key.length >= 4).sort((a, b) => b.length - a.length);
  const pattern = long.length === 0 ? undefined : new RegExp(long.map(escaped).join('|'), 'g');
  const replace = (text: string): string =>
    found.get(text) ?? (pattern ? text.replace(pattern, (key) => found.get(key) ?? key) : text);
  const walk = (inner: Json): Json => {
    if (typeof inner === 'string') return replace(inner);
    if (Array.isArray(inner)) return inner.map(walk);
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, member]) => [name, walk(member)]));
  };
  return walk(value) as T;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
