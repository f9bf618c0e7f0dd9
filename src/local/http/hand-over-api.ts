import { AwsError, type RequestHandler } from '../ports.js';
import { sendJson } from './json-service.js';

/** `POST /_mbc-flow/make-room`: the server stops once it has answered, and its data directory is free. */
export function roomApi(makeRoom: () => void): RequestHandler {
  return async (request, response) => {
    // A page in a browser may send a plain POST anywhere; one with this header it may not.
    if (request.method !== 'POST' || request.headers['x-mbc-flow'] === undefined)
      throw new AwsError('MethodNotAllowed', 'Room is made for a POST with the header X-Mbc-Flow', 405);
    response.on('finish', makeRoom);
    sendJson(response, 200, {});
  };
}
