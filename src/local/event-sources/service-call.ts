import { isObject, type Json, type JsonObject, parsedJson } from '../../json/json.js';
import { send } from '../http/client.js';
import { signed } from '../http/signature.js';
import { AwsError } from '../ports.js';

/** One call of a service in AWS's JSON protocol. @throws AwsError what it refused; others where it did not answer */
export type Call = (operation: string, input: JsonObject, signal: AbortSignal) => Promise<JsonObject>;

const services = {
  stream: { service: 'dynamodb', target: 'DynamoDBStreams_20120810' },
  queue: { service: 'sqs', target: 'AmazonSQS' },
};

export function caller(kind: keyof typeof services, endpoint: string, region: string): Call {
  const { service, target } = services[kind];
  return async (operation, input, signal) => {
    const url = new URL(endpoint);
    const body = JSON.stringify(input);
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${target}.${operation}`,
    };
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const signing = { service, region, ...credentials, now: Date.now() };
    const reply = await send(url.href, {
      method: 'POST',
      headers: signed('POST', url, headers, body, signing),
      body,
      signal,
    });
    const answer = parsed(reply.body.toString('utf8'));
    if (reply.status < 300) return answer;
    const { __type: type = `${reply.status}`, message, Message } = answer;
    throw new AwsError(
      String(type).replace(/^.*#/, ''),
      String(message ?? Message ?? reply.statusText),
      reply.status,
    );
  };
}

function parsed(text: string): JsonObject {
  const value = parsedJson(text);
  return isObject(value) ? value : {};
}

export const list = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
