import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { exitCodes, FlowError } from '../../errors.js';
import type { JsonObject } from '../../json/json.js';
import type { Keys } from '../access-tokens.js';
import type { Console } from '../console.js';
import { type Assets, sendAsset } from './assets.js';
import { readBody } from './body.js';
import { changeRefusal, isData, refusal, tokenHeader } from './guard.js';
import { sendError, sendJson, sendRefusal } from './reply.js';
import type { ApiRequest, Route } from './route.js';

interface Served {
  assets: Assets;
  keys: Keys;
  routes: readonly Route[];
  /** `GET /api/events`. */
  events(request: IncomingMessage, response: ServerResponse): void;
  console: Console;
}

/** Every request goes through here: the guard, then the page's files or, with its token, the API. */
export function createRouter(served: Served): RequestListener {
  return (request, response) => {
    answer(served, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendError(response, error);
    });
  };
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refused = refusal(request);
  if (refused) return sendRefusal(response, refused);
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  if (!isData(path)) return await sendAsset(served.assets, path, request, response);
  const token = request.headers[tokenHeader];
  if (!(await served.keys.opens(typeof token === 'string' ? token : undefined)))
    return sendRefusal(response, {
      status: 401,
      code: 'NoToken',
      message: 'this page needs the token of the link that the terminal shows',
    });
  if (path === '/api/events' && request.method === 'GET') return served.events(request, response);
  const found = served.routes
    .map((route) => ({ route, params: paramsOf(route.path, path) }))
    .filter((one): one is { route: Route; params: Record<string, string> } => one.params !== undefined);
  const match = found.find(
    ({ route }) => route.method === (request.method === 'HEAD' ? 'GET' : request.method),
  );
  if (!match)
    return sendRefusal(
      response,
      found.length > 0
        ? { status: 405, code: 'MethodNotAllowed', message: 'this address answers another method' }
        : { status: 404, code: 'NoSuchAddress', message: 'there is no such address' },
    );
  const left = new AbortController();
  response.once('close', () => left.abort());
  const signal = AbortSignal.any([left.signal, served.console.signal]);
  const asked = { params: match.params, query: new URLSearchParams(query), signal };
  await perform(match.route, asked, request, response, served.console);
}

async function perform(
  route: Route,
  asked: Omit<ApiRequest, 'body'>,
  request: IncomingMessage,
  response: ServerResponse,
  console: Console,
): Promise<void> {
  if ('changes' in route && route.changes && console.readOnly)
    throw new FlowError(exitCodes.denied, 'ReadOnly', 'this console was started with --read-only');
  if ('handle' in route) {
    if (route.method === 'POST' && request.headers['content-type'] === undefined)
      return sendRefusal(response, {
        status: 415,
        code: 'UnsupportedMediaType',
        message: 'a content type is needed',
      });
    return await route.handle(request, response, asked, console);
  }
  if (route.method === 'GET')
    return sendJson(response, 200, await route.run({ ...asked, body: {} }, console));
  const refused = changeRefusal(request);
  if (refused) return sendRefusal(response, refused);
  const body = await readBody(request, route.most);
  if (route.changes) await confirmed(body, console);
  sendJson(response, 200, await route.run({ ...asked, body }, console));
}

/** As the terminal asks: a protected target by its name, others by yes. @throws FlowError 2 */
async function confirmed({ confirm }: JsonObject, console: Console): Promise<void> {
  const { name, protected: isProtected } = await console.target();
  if (confirm === name || (!isProtected && confirm === true)) return;
  throw new FlowError(
    exitCodes.usage,
    'ConfirmationNeeded',
    isProtected ? `the target ${name} is protected: type its name` : 'this change was not confirmed',
  );
}

/** Undefined where the path is another one. */
function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (part.startsWith(':')) {
      const value = decoded(text);
      if (value === undefined || value === '') return undefined;
      params[part.slice(1)] = value;
    } else if (part !== text) return undefined;
  }
  return params;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
