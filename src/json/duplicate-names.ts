import type { Json } from './json.js';
import { JsonSyntaxError, parseJsonSource } from './json-positions.js';

/**
 * The first name that comes twice in an object of a JSON text, which JSON.parse takes for the last of them.
 * `value`: what the text holds. Counting is quick, and tells of nearly every text that it has none.
 */
export function duplicateName(text: string, value: Json): JsonSyntaxError | undefined {
  // Each name is followed by a colon; a string that begins with one, or quotes one, is no name.
  const most = text.match(/"\s*:/g)?.length ?? 0;
  if (most === namesIn(value)) return undefined;
  try {
    parseJsonSource(text, { unique: true });
    return undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
}

function namesIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner: Json[] = Object.values(value);
  return inner.reduce<number>((sum, one) => sum + namesIn(one), Array.isArray(value) ? 0 : inner.length);
}
