import { createServer } from 'node:http';
import { createGateways } from '../../src/aws/connect.js';
import { listening } from '../listening.js';
import { settingsFor } from './settings-for.js';

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
  });
  const endpoint = await listening(server);
  return { asked, gateways: createGateways(() => settingsFor(endpoint)) };
}
