/** What stands in the place of a task token. */
export const REDACTED = '<redacted>';

/** One character of a token, also as JSON (`\\/`, `\\u003d`) or an address (`%2B`) may write it. */
const ONE = String.raw`(?:[A-Za-z0-9+/=_-]|\\+/|\\+u00(?:2[bBfF]|3[dD])|%(?:2[bBfF]|3[dD]))`;
/** By their own form: long ones that begin with AQ, and what begins as AWS's do, however much of it was cut off. */
const BY_FORM = new RegExp(`AQCEAAAA${ONE}*|AQ${ONE}{298,}`, 'g');
/** `"taskToken": "…"` at any depth of JSON in JSON (group 2: the backslashes before its quotes). */
const BY_NAME = /((\\*)"task_?token\2"\s*:\s*\2")(?:(?!\2").)*/gis;
/** The context object's `"Task": {"Token": "…"}`. */
const IN_CONTEXT = /((\\*)"Task\2"\s*:\s*\{\s*\2"Token\2"\s*:\s*\2")(?:(?!\2").)*/gs;

/** Strikes task tokens out of any text, JSON or not: whoever holds one can answer the task. */
export function redactTokens(text: string): string {
  if (!/token|AQ/i.test(text)) return text;
  return text
    .replace(BY_FORM, REDACTED)
    .replace(BY_NAME, `$1${REDACTED}`)
    .replace(IN_CONTEXT, `$1${REDACTED}`);
}

/** The same in every text of an event, or of any other value. Gives the value itself where there is nothing to strike out. */
export function redactedValue<T>(value: T): T {
  if (typeof value === 'string') return redactTokens(value) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, inner]) => {
    const safe = redactedValue(inner);
    changed ||= safe !== inner;
    return [key, safe];
  });
  if (!changed) return value;
  return (Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)) as T;
}

/** The end of a line in which a token was cut off. */
const CUT_OFF = new RegExp(
  `(?:AQCEA{1,4}|AQCEAAAA${ONE}*|AQ${ONE}{298,}|"[tT]ask_?[tT]oken\\\\*"\\s*:\\s*\\\\*"[^"]*)$`,
);
/** What its next line begins with. */
const REMAINDER = new RegExp(`^${ONE}{8,}`);
/** A token's end where its beginning was not read: a long text without spaces, closed by a quote. */
const TAIL = new RegExp(`^${ONE}{80,}(?=\\\\*")`);

/**
 * Strikes tokens out of successive lines of a log, which CloudWatch splits at 256 KB, in the midst of a token too.
 * `stream` tells whose next line may be the rest of one.
 */
export function createLineRedactor(): (stream: string, line: string) => string {
  const cutOff = new Set<string>();
  return (stream, line) => {
    const split = cutOff.has(stream);
    const rest = (split ? REMAINDER : TAIL).exec(line)?.[0];
    const goesOn = split && rest?.length === line.length;
    if (goesOn || CUT_OFF.test(line)) cutOff.add(stream);
    else cutOff.delete(stream);
    return rest === undefined ? redactTokens(line) : REDACTED + redactTokens(line.slice(rest.length));
  };
}
