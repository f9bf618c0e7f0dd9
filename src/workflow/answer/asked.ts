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
