import { isObject, type Json, parsedAsWritten } from '../../json/json.js';
import { redactTokens } from '../history/redact.js';

/** What a step was sent: parsed where it is JSON, its task token struck out; null where it is unknown. */
export function askedOf({ parameters }: { parameters?: string }): Json {
  if (parameters === undefined) return null;
  const text = redactTokens(parameters);
  return parsedAsWritten(text) ?? text;
}

/** What the optimised integrations wrap is what people know. */
export function payloadOf(asked: Json): Json {
  if (!isObject(asked)) return asked;
  const { Payload, MessageBody, Message, Input } = asked;
  const [payload = asked] = [Payload, MessageBody, Message, Input].filter((one) => one !== undefined);
  return payload;
}

/** What the framework's functions get for themselves beside their `input`: nobody answers by it. */
export function withoutRouting(payload: Json): Json {
  if (!isObject(payload) || payload.input === undefined) return payload;
  const { context, taskToken: _, source: __, ...own } = payload;
  if (!isObject(context) || context.StateMachine === undefined) return payload;
  return Object.keys(own).length === 1 ? payload.input : own;
}
