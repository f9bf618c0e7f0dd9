import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createGateways } from '../../src/aws/connect.js';
import { noLimiter } from '../../src/aws/limiter.js';
import { silentWaits } from '../silent-waits.js';

/** Answers every request with one body; tells what was asked. */
export async function answering(contentType: string, body: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let text = `${request.url} `;
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      asked.push(text);
      response.writeHead(200, { 'content-type': contentType }).end(body);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    region: 'ap-northeast-1',
    limiter: noLimiter,
    waits: silentWaits,
    endpoint,
    anonymous: true,
    verbose: () => {},
    now: Date.now,
  };
  return { asked, gateways: createGateways(() => settings) };
}
