import { isObject, type Json, parsedJson } from '../../../../json/json.js';
import { jsonLine } from '../../../../views/text/json-line.js';
import { payloadOf, withoutRouting } from '../../../../workflow/answer/sent-payload.js';
import { REDACTED } from '../../../../workflow/history/redact.js';
import type { PausedRow } from '../../../api.js';

/** JSON text of what is asked: without what services and the framework put around it. */
export function askedText({ asked, input }: Pick<PausedRow, 'asked' | 'input'>): string | undefined {
  if (asked === undefined) return input;
  const json = parsedJson(asked);
  return json === undefined ? asked : JSON.stringify(withoutToken(withoutRouting(payloadOf(json))));
}

/** Its first members, for a line of a list. */
export function firstLine(step: Pick<PausedRow, 'asked' | 'input'>): string | undefined {
  const text = askedText(step);
  return text === undefined ? undefined : jsonLine(text);
}

/** A task token that was struck out says nothing to who answers. */
function withoutToken(json: Json): Json {
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== REDACTED));
}
