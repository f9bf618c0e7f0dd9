import type { IncomingMessage } from 'node:http';
import { exitCodes, FlowError } from '../../errors.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';

/** Of a request without a limit of its own: an input has 256 KiB at most, a definition 1 MiB. */
const mostBytes = 2 << 20;

/** @throws FlowError 2 where it is larger than `most` bytes or no JSON object */
export async function readBody(request: IncomingMessage, most = mostBytes): Promise<JsonObject> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > most) throw tooLarge(most);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > most) throw tooLarge(most);
    parts.push(part);
  }
  let value: Json | undefined;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))) as Json;
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw new FlowError(exitCodes.usage, 'BadRequest', 'the body must be a JSON object');
  return value;
}

const tooLarge = (most: number): FlowError =>
  new FlowError(exitCodes.usage, 'TooLarge', `at most ${most} bytes are taken`);
