/** What stands in the place of a task token. */
export const REDACTED = '<redacted>';

/** Where AWS's tokens are certain to be one: by their own form, 300 characters and more. */
const BY_FORM = /AQ[A-Za-z0-9+/=_-]{298,}/g;
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
