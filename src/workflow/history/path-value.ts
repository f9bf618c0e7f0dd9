import { evaluate, isPath } from '../../asl/data/json-path.js';
import type { Json } from '../../json/json.js';
import { parseWritten } from '../../json/lossless.js';

export { isPath };

/** What stands at a JSONPath in a JSON text; undefined where there is nothing, or no JSON. */
export function valueAt(path: string, text: string): Json | undefined {
  try {
    return evaluate(path, parseWritten(text));
  } catch {
    return undefined;
  }
}
