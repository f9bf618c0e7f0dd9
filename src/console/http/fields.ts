import { exitCodes, FlowError } from '../../errors.js';
import type { Json, JsonObject } from '../../json/json.js';

/** A text that must be there. @throws FlowError 2 */
export function textIn(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw bad(`${name} must be a text`);
}

/** @throws FlowError 2 where it is there, and is no text */
export function optionalTextIn(body: JsonObject, name: string): string | undefined {
  return body[name] === undefined || body[name] === null ? undefined : textIn(body, name);
}

/** A list of texts, 1 to `most`. @throws FlowError 2 */
export function textsIn(body: JsonObject, name: string, most: number): string[] {
  const value: Json | undefined = body[name];
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  if (!Array.isArray(value) || texts.length !== value.length || texts.length === 0 || texts.length > most)
    throw bad(`${name} must be a list of 1 to ${most} texts`);
  return texts;
}

const bad = (message: string): FlowError => new FlowError(exitCodes.usage, 'BadRequest', message);
