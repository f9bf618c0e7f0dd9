import type { Json } from '../../json/json.js';
import { tooDeepAt } from '../../json/text.mjs';
import { jsonText, parseOwn } from '../../json/written.js';

/**
 * A JSON value that flows through an execution: parsed, as text, or both. Whichever form is missing is made on
 * first use and kept, so that a value that passes ten states is parsed and written once.
 * Values are shared between states and must never be changed in place.
 */
export type Value = { json?: Json; text?: string };

export const fromText = (text: string): Value => ({ text });
export const fromJson = (json: Json): Value => ({ json });

export function jsonOf(value: Value): Json {
  if (value.json === undefined) value.json = parseOwn(value.text ?? 'null');
  return value.json;
}

export function textOf(value: Value): string {
  if (value.text === undefined) value.text = jsonText(value.json ?? null);
  return value.text;
}

/** An array of values; its text is joined from theirs, never written a second time. */
export function arrayOf(values: Value[]): Value {
  return { json: values.map(jsonOf), text: `[${values.map(textOf).join(',')}]` };
}

/** The quota of every input, output and result: UTF-8 bytes of the JSON text. */
export const MAX_DATA_BYTES = 262_144;

export function exceedsLimit(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes, so most texts need no count.
  return text.length * 3 > MAX_DATA_BYTES && Buffer.byteLength(text) > MAX_DATA_BYTES;
}

export const nestsTooDeeply = (text: string): boolean => tooDeepAt(text) !== undefined;
