import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { RequestHandler } from '../ports.js';
import { refusal } from './admission.js';
import { answerJson, asAwsError, type JsonService, sendJson } from './json-service.js';
import { answerSts } from './sts.js';

export interface Services {
  json: JsonService[];
  lambda: RequestHandler;
  s3: RequestHandler;
  /** What answers below `/_mbc-flow/`, by name. */
  own: Record<string, RequestHandler>;
  allowedHosts: ReadonlySet<string>;
}

/** One port for all: the request's own marks tell which service is meant. */
export function createRouter(services: Services): RequestListener {
  return (request, response) => {
    route(services, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendText(response, asAwsError(error).statusCode, asAwsError(error).message);
    });
  };
}

async function route(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refused = refusal(request, services.allowedHosts);
  if (refused) return sendText(response, 403, `mbc-flow: ${refused}`);
  const path = request.url ?? '/';
  if (path.startsWith('/_mbc-flow/')) {
    const name = path.slice('/_mbc-flow/'.length);
    const own = Object.hasOwn(services.own, name) ? services.own[name] : undefined;
    if (own) return await own(request, response);
    return sendText(response, 404, `mbc-flow: there is no ${path}`);
  }
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return await routeTarget(services, target, request, response);
  if (path.startsWith('/2015-03-31/')) return await services.lambda(request, response);
  // S3 has POSTs of its own (`/bucket?delete`), which some clients send as forms.
  if (request.method === 'POST' && path === '/' && isForm(request)) return await answerSts(request, response);
  // What somebody stored is no page of this origin's: it runs nothing, and reads nothing of what else answers here.
  if (isShown(request)) response.setHeader('Content-Security-Policy', 'sandbox');
  return await services.s3(request, response);
}

/** A browser will show the answer as a page. */
const isShown = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-mode'] === 'navigate' ||
  /^(document|i?frame|embed|object)$/.test(String(headers['sec-fetch-dest'] ?? '')) ||
  (headers.accept ?? '').includes('text/html');

async function routeTarget(
  services: Services,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [prefix = '', operation = ''] = target.split('.');
  const service = services.json.find((candidate) => candidate.target === prefix);
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
  if (!service) {
    return sendJson(response, 400, {
      __type: 'com.amazon.coral.service#UnknownOperationException',
      message: `The service of ${target} is not there in mbc-flow's local server`,
    });
  }
  if (contentType !== service.contentType) {
    return sendJson(response, 415, {
      __type: 'com.amazon.coral.service#UnsupportedMediaTypeException',
      message: `The content type must be ${service.contentType}`,
    });
  }
  await answerJson(service, operation, request, response);
}

const isForm = (request: IncomingMessage): boolean =>
  (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text) + 1,
  });
  response.end(`${text}\n`);
}
