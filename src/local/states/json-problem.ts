import { jsonProblem } from '../../json/json-positions.js';
import { TOO_DEEP, tooDeepAt } from '../../json/parse.mjs';

/** What the service says of an input or output that is no JSON; undefined when it is. */
export function textProblem(text: string): string | undefined {
  if (text === '') return 'Invalid execution input.';
  return tooDeepAt(text) === undefined ? jsonProblem(text) : `Invalid JSON: ${TOO_DEEP}`;
}
