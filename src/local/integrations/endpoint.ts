import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { entriesOf, jsonText, objectOf } from '../../json/lossless.js';
import { headerOf, type Reply, send, sendFailure } from '../http/client.js';
import { signed } from '../http/signature.js';
import { parametersOf, type Service, type ServiceCall, TaskFailure } from './call.js';
import { optimisedFailure, sdkFailure } from './errors.js';
import { decode, decodeError, encode } from './protocols.js';
import { sdkMetadata } from './sdk-metadata.js';
import { runsHere, type ServiceTraits, traitsOf } from './services.js';

export interface EndpointsOptions {
  region: string;
  /** By the service's name, `dynamodb`; credentials may stand in the URL (`http://id:secret@127.0.0.1:8000`). */
  endpoints: Record<string, string>;
  /** Of this server, which has Step Functions, S3 and CloudWatch Logs itself. */
  own: () => string;
}

/** Services that are reached over HTTP: those of this server, and those whose endpoint is configured. */
export function createEndpoints(options: EndpointsOptions): Service {
  const endpointOf = (traits: ServiceTraits): string | undefined =>
    runsHere(traits) ? options.own() : options.endpoints[traits.endpoint];

  return async (call) => {
    const traits = traitsOf(call.service);
    const isSdk = call.service.startsWith('aws-sdk:');
    const name = isSdk ? traits.sdkName : traits.optimisedName;
    const endpoint = endpointOf(traits);
    const { protocol } = traits;
    const cannot = (why: string): TaskFailure => new TaskFailure(`${name}.SdkClientException`, why);
    if (endpoint === undefined) throw cannot(notConfigured(call, traits));
    if (!protocol) {
      throw cannot(
        `mbc-flow does not know the protocol of ${traits.endpoint}: mock this state (--mocks FILE)`,
      );
    }
    if (call.pattern === 'sync' || call.pattern === 'sync:2') {
      throw cannot(
        `mbc-flow does not follow ${call.service}:${call.action}.${call.pattern} to its end: mock this state (--mocks FILE)`,
      );
    }
    const request = encode(protocol, call.action, withTexts(parametersOf(call), traits.texts));
    if (!request) throw cannot(`mbc-flow's local server has no operation ${call.service}:${call.action}`);
    const { method, path, headers, body } = request;
    const base = new URL(endpoint);
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    const signing = {
      service: traits.endpoint,
      region: options.region,
      accessKeyId: decodeURIComponent(base.username) || 'local',
      secretAccessKey: decodeURIComponent(base.password) || 'local',
      now: Date.now(),
    };
    let reply: Reply;
    try {
      const sent = signed(method, url, headers, body, signing);
      reply = await send(url.href, { method, headers: sent, body, signal: call.signal });
    } catch (error) {
      throw cannot(`Unable to execute HTTP request: ${sendFailure(error)}`);
    }
    if (reply.status >= 300) {
      const error = decodeError(protocol, call.action, reply);
      throw isSdk ? sdkFailure(traits, error) : optimisedFailure(traits, error);
    }
    const result = decode(protocol, call.action, reply);
    if (!isSdk) refuseFailedEntries(result);
    return jsonText(isSdk ? result : withMetadata(result, reply));
  };
}

function notConfigured({ service, action }: ServiceCall, { endpoint }: ServiceTraits): string {
  return `mbc-flow's local server does not run ${service}:${action}. Give the endpoint of a local ${endpoint} (--service-endpoint ${endpoint}=URL, or local.endpoints in mbc-flow.json), or mock this state (--mocks FILE)`;
}

/** JSON in the place of a text member is written as text. */
function withTexts(parameters: JsonObject, texts: string[] = []): JsonObject {
  const written = (json: Json): Json => {
    if (Array.isArray(json)) return json.map(written);
    if (!isObject(json)) return json;
    return objectOf(
      entriesOf(json).map(([name, value]) => [
        name,
        texts.includes(name) ? (typeof value === 'string' ? value : jsonText(value)) : written(value),
      ]),
    );
  };
  return written(parameters) as JsonObject;
}

/** EventBridge says yes to a request of which entries failed; the optimised integration does not. */
function refuseFailedEntries(result: JsonObject): void {
  if (typeof result.FailedEntryCount === 'number' && result.FailedEntryCount > 0)
    throw new TaskFailure('EventBridge.FailedEntry', jsonText(result));
}

/** As the optimised integrations answer: members in alphabetical order, what the SDK knows among them. */
function withMetadata(result: JsonObject, reply: Reply): JsonObject {
  const headers = Object.keys(reply.headers).map((name) => [name, headerOf(reply, name) ?? ''] as const);
  const requestId = headerOf(reply, 'x-amzn-requestid') ?? '';
  const all = { ...result, ...sdkMetadata(Object.fromEntries(headers), reply.status, requestId) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
