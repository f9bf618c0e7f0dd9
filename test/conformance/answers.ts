import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import { difference, type Omit } from './compare.js';
import type { Bound } from './placeholders.js';

/** What came of a call: an answer, or an error by its code. */
export type Answer = JsonObject | { Error: { Code: string; Message: string } };

/** A recorded error in one shape, whether the test kept the answer or the client's exception. */
export function recordedError(
  recorded: Json,
): { Code: string; Message: string; operation?: string } | undefined {
  if (typeof recorded === 'string') return clientError(recorded);
  if (!isObject(recorded)) return undefined;
  if (isObject(recorded.Error)) {
    const { Code, Message } = recorded.Error;
    return { Code: String(Code), Message: String(Message) };
  }
  const { exception_typename: Code, exception_value: text } = recorded;
  if (typeof Code !== 'string') return undefined;
  return clientError(String(text)) ?? { Code, Message: String(text) };
}

function clientError(text: string): { Code: string; Message: string; operation: string } | undefined {
  const [, Code, operation, Message] =
    /^An error occurred \((\w+)\) when calling the (\w+) operation: ([\s\S]*)$/.exec(text) ?? [];
  if (Code === undefined || operation === undefined || Message === undefined) return undefined;
  return { Code, Message, operation };
}

/** What StartSyncExecution tells of one run. */
export const AT_RANDOM: Omit = new Set(['billingDetails', 'traceHeader']);

/** Sends a call; what AWS would answer with an error is an answer, too. */
export async function answerOf(send: () => Promise<unknown>): Promise<Answer> {
  try {
    return JSON.parse(JSON.stringify(await send())) as JsonObject;
  } catch (error) {
    const { name, message } = error as Error;
    return { Error: { Code: name, Message: message } };
  }
}

/**
 * The first difference, or undefined. What newer versions of the API added to an answer since it was recorded is no
 * difference; at any depth below, all must be alike.
 */
export function answerDifference(recorded: Json, answer: Answer): string | undefined {
  const bound: Bound = new Map();
  const error = recordedError(recorded);
  const expected: JsonObject = error
    ? { Error: { Code: error.Code, Message: error.Message } }
    : isObject(recorded)
      ? recorded
      : { value: recorded };
  for (const [key, value] of Object.entries(expected)) {
    if (key === 'ResponseMetadata') continue;
    const ours = isObject(answer as Json) ? (answer as JsonObject)[key] : undefined;
    const found = difference(value, ours, bound);
    if (found) return `${key}${found}\n     got ${JSON.stringify(ours ?? answer)}`;
  }
  const unexpected = Object.keys(answer).find((key) => key !== '$metadata' && !(key in expected));
  return unexpected && `unexpected ${JSON.stringify(answer)}`;
}
