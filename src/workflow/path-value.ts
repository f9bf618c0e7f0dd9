import type { Json } from '../asl/json.js';
import { evaluate, isPath } from '../asl/json-path.js';
import { parseJson } from '../json-text.mjs';

export { isPath };

/** What stands at a JSONPath in a JSON text; undefined where there is nothing, or no JSON. */
export function valueAt(path: string, text: string): Json | undefined {
  try {
    return evaluate(path, parseJson(text) as Json);
  } catch {
    return undefined;
  }
}
