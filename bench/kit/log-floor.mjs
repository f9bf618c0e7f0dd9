// The floor of executions per second: a server that takes the same requests, appends the same bytes to a log, syncs it
// once for all requests of a turn of the event loop, and answers. Prints its port.
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , file, bytes] = process.argv;
const log = openSync(file, 'a');
const entry = Buffer.alloc(Number(bytes), 'x');
let waiting = [];

const flush = () => {
  const responses = waiting;
  waiting = [];
  writeSync(log, Buffer.concat(responses.map(() => entry)));
  fdatasyncSync(log);
  for (const response of responses) response.end('{}');
};

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  JSON.parse(Buffer.concat(chunks).toString());
  waiting.push(response);
  if (waiting.length === 1) setImmediate(flush);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
