import { isObject, type Json, type JsonObject, parsedAsWritten, parsedJson } from '../../json/json.js';
import { entriesOf, jsonText, numberIn, objectOf } from '../../json/lossless.js';
import { headerOf, type Reply } from '../http/client.js';
import type { ServiceError } from './errors.js';
import { lowerFirst, renamed, upperFirst } from './names.js';
import { s3Request, s3Result } from './s3-rest.js';
import type { Protocol, WireRequest } from './services.js';
import { readXml } from './xml.js';

/** A call as the service's protocol has it; undefined for an operation that is not known. */
export function encode(protocol: Protocol, action: string, parameters: JsonObject): WireRequest | undefined {
  switch (protocol.kind) {
    case 'json': {
      const body = protocol.members === 'lower' ? renamed(parameters, lowerFirst) : parameters;
      const headers = {
        'content-type': `application/x-amz-json-${protocol.version}`,
        'x-amz-target': `${protocol.target}.${upperFirst(action)}`,
      };
      return { method: 'POST', path: '/', headers, body: jsonText(body) };
    }
    case 'query': {
      const form = new URLSearchParams({ Action: upperFirst(action), Version: protocol.version });
      for (const [name, value] of Object.entries(parameters)) flatten(form, name, value);
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return { method: 'POST', path: '/', headers, body: form.toString() };
    }
    case 's3':
      return s3Request(action, parameters);
  }
}

/** Lists are `Name.member.1`, maps of structures `Name.entry.1.Name` and `.Value`. */
function flatten(form: URLSearchParams, name: string, value: Json): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) flatten(form, `${name}.member.${index + 1}`, item);
  } else if (isObject(value)) {
    const isMap = Object.values(value).every(isObject);
    for (const [index, [key, item]] of Object.entries(value).entries()) {
      if (!isMap) flatten(form, `${name}.${key}`, item);
      else {
        form.set(`${name}.entry.${index + 1}.Name`, key);
        flatten(form, `${name}.entry.${index + 1}.Value`, item);
      }
    }
  } else form.set(name, typeof value === 'string' ? value : jsonText(value));
}

/** The result that a successful answer holds. */
export function decode(protocol: Protocol, action: string, reply: Reply): JsonObject {
  const body = reply.body.toString('utf8');
  switch (protocol.kind) {
    case 'json': {
      const value = parsedAsWritten(body);
      const object = isObject(value) ? value : {};
      return protocol.members === 'lower' ? (renamed(readable(object), upperFirst) as JsonObject) : object;
    }
    case 'query': {
      const { ResponseMetadata: _, ...answer } = readXml(body, { member: 'member' });
      const [result] = Object.values(answer);
      return isObject(result) ? result : {};
    }
    case 's3':
      return s3Result(action, reply);
  }
}

/** Epoch seconds of the wire as the `aws-sdk` integrations write dates. */
function readable(json: Json): Json {
  if (Array.isArray(json)) return json.map(readable);
  if (!isObject(json)) return json;
  return objectOf(
    entriesOf(json).map(([name, value]) => {
      const seconds = /(Date|timestamp)$/.test(name) ? numberIn(value) : undefined;
      return [name, seconds === undefined ? readable(value) : new Date(seconds * 1000).toISOString()];
    }),
  );
}

/** What a refusal says; where it says nothing (HEAD), the status must do. */
export function decodeError(protocol: Protocol, action: string, reply: Reply): ServiceError {
  const { status } = reply;
  const body = reply.body.toString('utf8');
  const requestId = headerOf(reply, 'x-amzn-requestid') ?? headerOf(reply, 'x-amz-request-id') ?? '';
  const error = (code: Json | undefined, message: Json | undefined): ServiceError => ({
    code: typeof code === 'string' && code !== '' ? code : `${status}`,
    message: typeof message === 'string' ? message : body === '' ? undefined : reply.statusText,
    statusCode: status,
    requestId,
  });
  if (protocol.kind === 'json') {
    const value = parsedJson(body);
    const { __type: type, message, Message } = isObject(value) ? value : ({} as JsonObject);
    return error(typeof type === 'string' ? type.replace(/^.*#/, '') : type, message ?? Message);
  }
  const xml = readXml(body, {});
  if (protocol.kind === 'query') {
    const detail = isObject(xml.Error) ? xml.Error : xml;
    return error(detail.Code, detail.Message);
  }
  const missing = action === 'headBucket' ? 'NoSuchBucket' : 'NoSuchKey';
  const code = xml.Code ?? (status === 404 ? missing : undefined);
  return { ...error(code, xml.Message), extendedRequestId: headerOf(reply, 'x-amz-id-2') ?? requestId };
}
