import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../../json/json.js';
import type { VirtualClock } from '../clock.js';
import { AwsError, type RequestHandler } from '../ports.js';
import { readJson, sendJson } from './json-service.js';

/**
 * `GET /_mbc-flow/clock` tells the server's time, `POST` moves it: `{"advanceSeconds": n}` or `{"to": "2027-…Z"}`;
 * `{}` goes to what falls due next. Answers once all that fell due on the way is done.
 */
export function clockApi(clock: VirtualClock): RequestHandler {
  return async (request, response) => {
    if (request.method === 'POST') requireJson(request);
    if (request.method === 'POST') await clock.advance(destination(clock, await readJson(request)));
    else if (request.method !== 'GET')
      throw new AwsError('MethodNotAllowed', 'The clock answers to GET and POST', 405);
    const next = clock.next();
    sendJson(response, 200, {
      now: new Date(clock.now()).toISOString(),
      timeScale: clock.scale,
      nextDue: next === undefined ? null : new Date(next).toISOString(),
    });
  };
}

/** A page in a browser may send plain text anywhere without asking; JSON it may not. */
function requireJson({ headers }: IncomingMessage): void {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new AwsError('UnsupportedMediaType', 'The content type must be application/json', 415);
}

function destination(clock: VirtualClock, { advanceSeconds, to }: JsonObject): number {
  const now = clock.now();
  if (advanceSeconds === undefined && to === undefined) return clock.next() ?? now;
  const wanted =
    to === undefined
      ? now + Math.round(Number(advanceSeconds) * 1000)
      : typeof to === 'number'
        ? to
        : Date.parse(String(to));
  if (wanted >= now && wanted <= latest) return wanted;
  throw new AwsError(
    'ValidationException',
    'Give {"advanceSeconds": n}, n not negative, or {"to": "…"}, a time that is not past',
  );
}

/** The last moment that a Date can name. */
const latest = 8_640_000_000_000_000;
