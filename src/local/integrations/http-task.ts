import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import { isLoopback } from '../http/admission.js';
import { headerOf, type Reply, send, sendFailure } from '../http/client.js';
import { parametersOf, type ServiceCall, TaskFailure } from './call.js';

/** AWS gives an endpoint this long. */
const timeoutMs = 60_000;

/** `http:invoke`, of endpoints on this machine only: a local run must not reach out to the world. */
export async function httpInvoke(call: ServiceCall): Promise<string> {
  const { signal } = call;
  const parameters = parametersOf(call);
  const url = target(parameters);
  const { body, contentType } = requestBody(parameters);
  const given = isObject(parameters.Headers) ? parameters.Headers : {};
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(value)]));
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (contentType !== undefined && !hasType) headers['Content-Type'] = contentType;
  const method = typeof parameters.Method === 'string' ? parameters.Method : 'GET';
  let reply: Reply;
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    reply = await send(url.href, { method, headers, body, signal: either });
  } catch (error) {
    throw new TaskFailure('States.Http.Socket', `The HTTP request could not be sent: ${sendFailure(error)}`);
  }
  const result = {
    Headers: Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
    ),
    ResponseBody: responseBody(reply),
    StatusCode: reply.status,
    StatusText: reply.statusText,
  };
  if (reply.status >= 200 && reply.status < 300) return jsonText(result);
  throw new TaskFailure(`States.Http.StatusCode.${reply.status}`, jsonText(result.ResponseBody));
}

function target(parameters: JsonObject): URL {
  const { ApiEndpoint: endpoint, QueryParameters: query } = parameters;
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint))
    throw new TaskFailure(
      'States.Runtime',
      `The ApiEndpoint of the HTTP Task is no URL: ${JSON.stringify(endpoint)}`,
    );
  const url = new URL(endpoint);
  if (!isLoopback(url.hostname)) {
    throw new TaskFailure(
      'States.Http.Socket',
      `mbc-flow's local server calls endpoints on this machine only, and ${url.hostname} is none: give an ApiEndpoint on 127.0.0.1, or mock this state (--mocks FILE)`,
    );
  }
  for (const [name, value] of Object.entries(isObject(query) ? query : {}))
    for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(name, textOf(item));
  return url;
}

function requestBody({ RequestBody: body, Transform: transform }: JsonObject): {
  body?: string;
  contentType?: string;
} {
  if (body === undefined) return {};
  if (isObject(transform) && transform.RequestBodyEncoding === 'URL_ENCODED') {
    const options = isObject(transform.RequestEncodingOptions) ? transform.RequestEncodingOptions : {};
    const form = urlEncoded(isObject(body) ? body : {}, textOf(options.ArrayFormat ?? 'INDICES'));
    return { body: form, contentType: 'application/x-www-form-urlencoded' };
  }
  return { body: textOf(body), contentType: 'application/json' };
}

/** `a[b]=1`; lists by `ArrayFormat`. */
function urlEncoded(body: JsonObject, arrayFormat: string): string {
  const pairs: string[] = [];
  const add = (name: string, value: Json): void => {
    if (Array.isArray(value)) addList(name, value);
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) add(`${name}[${key}]`, item);
    else pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`);
  };
  const addList = (name: string, items: Json[]): void => {
    if (arrayFormat === 'COMMAS') {
      add(name, items.map(textOf).join(','));
      return;
    }
    const suffix = { BRACKETS: '[]', REPEAT: '' }[arrayFormat];
    for (const [index, item] of items.entries()) add(name + (suffix ?? `[${index}]`), item);
  };
  for (const [name, value] of Object.entries(body)) add(name, value);
  return pairs.join('&');
}

const textOf = (json: Json): string => (typeof json === 'string' ? json : jsonText(json));

function responseBody(reply: Reply): Json {
  const text = reply.body.toString('utf8');
  if (!/json/.test(headerOf(reply, 'content-type') ?? '')) return text;
  try {
    return parseWritten(text);
  } catch {
    return text;
  }
}
