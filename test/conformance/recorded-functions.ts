import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a function of a recording does with an event, by its file's name. */
const HANDLERS: Record<string, (event: string) => Ending> = {
  'id_function.py': (event) => ({ returned: event }),
  'raise_exception.py': () =>
    raised('Exception', 'Some exception was raised.', [
      '  File "/var/task/handler.py", line 2, in handler\n    raise Exception("Some exception was raised.")\n',
    ]),
  'raise_custom_exception.py': () =>
    raised('CustomException', '', [
      '  File "/var/task/handler.py", line 9, in handler\n    raise CustomException()\n',
    ]),
  'wait_60_seconds.py': () => 'never ends in time',
  'large_output_string.py': () => ({ returned: JSON.stringify('x'.repeat(300_000)) }),
};

type Ending = { returned: string } | { raised: string } | 'never ends in time';

/** As Python's runtime writes it. */
const raised = (errorType: string, errorMessage: string, stackTrace: string[]): Ending => ({
  raised: `{${Object.entries({ errorMessage, errorType, requestId: randomUUID(), stackTrace })
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
    .join(', ')}}`,
});

/** A Lambda Invoke endpoint with the functions of the case at hand. */
export interface RecordedFunctions {
  endpoint: string;
  /** From now on, every function is this one; the answer is to fill with the events that it is sent. */
  play(handler: string | undefined): string[];
  stop(): Promise<void>;
}

export async function startRecordedFunctions(): Promise<RecordedFunctions> {
  let handle: (event: string) => Ending = () => 'never ends in time';
  let sent: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((event) => {
      sent.push(event);
      send(response, handle(event));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play(handler = 'id_function.py') {
      const known = HANDLERS[handler];
      if (!known) throw new Error(`No function of ours behaves as ${handler}`);
      handle = known;
      sent = [];
      return sent;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, ending: Ending): void {
  if (ending === 'never ends in time') return;
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-amz-executed-version', '$LATEST');
  if ('raised' in ending) response.setHeader('x-amz-function-error', 'Unhandled');
  response.end('raised' in ending ? ending.raised : ending.returned);
}
