import { isWritten, parseWritten } from './lossless.js';
import { parseJson } from './parse.mjs';
import type { Json, JsonObject } from './value.js';

export type { Json, JsonObject };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isWritten(value);
}

/** Undefined where the text is no JSON, or nested too deeply. */
export function parsedJson(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (parseJson(text) as Json);
  } catch {
    return undefined;
  }
}

/** As parsedJson; keeps numbers and the order of keys as they were written. */
export function parsedAsWritten(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : parseWritten(text);
  } catch {
    return undefined;
  }
}
