import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listening } from './listening.js';

export interface Seen {
  /** `UploadPart`, `DescribeMapRun`, …: an S3 request by its look, others by their target header. */
  operation: string;
  /** Of this operation: 1 is the first. */
  number: number;
  url: string;
  /** AWS's own name of the operation, as far as the request alone tells it. */
  api: string;
}
/**
 * What becomes of a request. `reset-after`: it is served, but the answer is lost; `hold`: the answer never comes;
 * `change`: another body comes.
 */
export type Fault =
  | 'reset'
  | 'reset-after'
  | 'hold'
  | { status: number; code: string }
  | { change: (body: string) => string }
  | undefined;

export interface FaultProxy {
  endpoint: string;
  seen: Seen[];
  /** Resolves when so many answers are held. */
  held(count: number): Promise<void>;
}

/** Stands before a server and does to requests what networks and services do. Gone when the test ends. */
export async function startFaultProxy(
  target: string,
  faultOf: (request: Seen) => Fault,
): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const seen: Seen[] = [];
  const numbers = new Map<string, number>();
  const holding = new EventEmitter();
  let held = 0;
  const server = createServer((incoming, outgoing) => {
    const operation = operationOf(incoming);
    const number = (numbers.get(operation) ?? 0) + 1;
    numbers.set(operation, number);
    const entry = { operation, number, url: incoming.url ?? '', api: apiOf(incoming, operation) };
    seen.push(entry);
    serve(incoming, outgoing, faultOf(entry), { hostname, port }, () => holding.emit('held', ++held));
  });
  server.on('checkContinue', (incoming, outgoing) => {
    outgoing.writeContinue();
    server.emit('request', incoming, outgoing);
  });
  return {
    endpoint: await listening(server),
    seen,
    async held(count) {
      while (held < count) await once(holding, 'held');
    },
  };
}

function operationOf({ method, url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  const { searchParams } = new URL(url, 'http://any');
  if (searchParams.has('uploads'))
    return method === 'POST' ? 'CreateMultipartUpload' : 'ListMultipartUploads';
  if (searchParams.has('uploadId')) {
    if (method === 'PUT') return 'UploadPart';
    return method === 'POST' ? 'CompleteMultipartUpload' : 'AbortMultipartUpload';
  }
  if (method === 'PUT') return 'PutObject';
  return method === 'POST' ? 'STS' : `${method} S3`;
}

/** Of S3's and Lambda's requests by their address; of the rest as their header says. */
function apiOf({ method, url = '', headers }: IncomingMessage, operation: string): string {
  if (headers['x-amz-target'] !== undefined || !/^(GET|HEAD|POST) S3$|^STS$/.test(operation))
    return operation;
  const { pathname, searchParams } = new URL(url, 'http://any');
  if (pathname.endsWith('/configuration')) return 'GetFunctionConfiguration';
  if (pathname.endsWith('/invocations')) return 'Invoke';
  if (pathname.includes('/event-source-mappings')) return 'ListEventSourceMappings';
  if (operation === 'STS') return 'GetCallerIdentity';
  const ofBucket = pathname.split('/').filter(Boolean).length === 1;
  if (method === 'HEAD') return ofBucket ? 'HeadBucket' : 'HeadObject';
  return ofBucket || searchParams.has('list-type') ? 'ListObjectsV2' : 'GetObject';
}

async function changed(answer: IncomingMessage, change: (body: string) => string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return change(Buffer.concat(chunks).toString());
}

function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault,
  target: { hostname: string; port: string },
  onHeld: () => void,
): void {
  if (fault === 'reset') {
    incoming.once('data', () => incoming.socket.destroy());
    incoming.once('end', () => incoming.socket.destroy());
    return;
  }
  if (typeof fault === 'object' && 'status' in fault) {
    const isJson = incoming.headers['x-amz-target'] !== undefined;
    const body = isJson
      ? JSON.stringify({ __type: fault.code, message: 'by the proxy' })
      : `<Error><Code>${fault.code}</Code><Message>by the proxy</Message></Error>`;
    incoming.resume().once('end', () => outgoing.writeHead(fault.status).end(body));
    return;
  }
  const { method, url: path, headers } = incoming;
  const { expect: _expect, ...kept } = headers;
  const forwarded = request({ ...target, method, path, headers: kept }, (answer) => {
    if (fault === 'reset-after') {
      answer.resume().once('end', () => incoming.socket.destroy());
      return;
    }
    if (fault === 'hold') {
      answer.resume().once('end', onHeld);
      return;
    }
    if (typeof fault === 'object') {
      void changed(answer, fault.change).then((body) => {
        const { 'x-amz-crc32': _sum, ...rest } = answer.headers;
        const told = { ...rest, 'content-length': Buffer.byteLength(body) };
        outgoing.writeHead(answer.statusCode ?? 502, told).end(body);
      });
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.once('error', () => incoming.socket.destroy());
  incoming.once('error', () => forwarded.destroy());
  incoming.pipe(forwarded);
}
