import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** A request as no browser and no `fetch` would send it: any Host, any path, as they are given. */
export async function send(address: string, path: string, sent: Sent = {}): Promise<Answer> {
  const response = await answered(begin(address, path, sent));
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

/** The same, whose answer has no end. */
export const opened = (address: string, path: string, sent: Sent = {}): Promise<IncomingMessage> =>
  answered(begin(address, path, sent));

function begin(address: string, path: string, { method = 'GET', headers = {}, body }: Sent): ClientRequest {
  const { hostname, port } = new URL(address);
  const asked = request({
    host: hostname,
    port,
    method,
    path,
    headers,
    agent: false,
    setHost: headers.Host === undefined,
  });
  asked.end(body);
  return asked;
}

const answered = (asked: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
