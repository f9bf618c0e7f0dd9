import { isObject, type Json, parsedJson } from '../../json/json.js';

/** How deep a request id is looked for; parameters nest, but not without end. */
const DEEPEST = 12;

/**
 * The `requestId` that a paused task was sent with. `text` is the JSON text of the scheduled task's parameters or of
 * an input, so it may stand anywhere: the shallowest one wins, then the first.
 */
export function findRequestId(text: string | undefined): string | undefined {
  for (const id of requestIds(text)) return id;
  return undefined;
}

/** Every one of them, the shallowest first. */
export const allRequestIds = (text: string | undefined): string[] => [...new Set(requestIds(text))];

/** DynamoDB's `{"S": "…"}` form counts, and so does JSON inside a string (a queue's MessageBody). */
function* requestIds(text: string | undefined): Generator<string> {
  if (!text?.includes('requestId')) return;
  let level: Json[] = [text];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: Json[] = [];
    for (const value of level) {
      if (typeof value === 'string') {
        const inner = parsed(value);
        if (inner !== undefined) next.push(inner);
      } else if (Array.isArray(value)) {
        for (const inner of value) next.push(inner);
      } else if (isObject(value)) {
        const found = plain(value.requestId);
        if (found) yield found;
        for (const [key, inner] of Object.entries(value)) if (!isNoise(key)) next.push(inner);
      }
    }
    level = next;
  }
}

/** The answering service's own request id is not what the workflow calls one. */
const isNoise = (key: string): boolean => key === 'SdkResponseMetadata' || key === 'SdkHttpMetadata';

function plain(value: Json | undefined): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  return isObject(value) && typeof value.S === 'string' ? value.S : undefined;
}

function parsed(text: string): Json | undefined {
  return /^\s*[{[]/.test(text) ? parsedJson(text) : undefined;
}
