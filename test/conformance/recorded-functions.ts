import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type Json } from '../../src/json/json.js';
import { alike, isJson, normal } from './compare.js';
import { detailsOf, type RecordedEvent, type RecordedExecution } from './record.js';

/** How a function of the record ended one of its invocations. */
type Answer =
  | { kind: 'returned'; payload: string }
  | { kind: 'raised'; payload: string }
  | { kind: 'refused'; status: number; code: string; message: string }
  | { kind: 'silent' };

/** A Lambda Invoke endpoint whose functions answer as they did when AWS recorded the case at hand. */
export interface RecordedFunctions {
  endpoint: string;
  /** From now on, the functions are those of this record. `asRecorded`: our names turned into the recording's. */
  play(record: RecordedExecution, events: RecordedEvent[], asRecorded: (text: string) => string): void;
  stop(): Promise<void>;
}

export async function startRecordedFunctions(): Promise<RecordedFunctions> {
  let answerTo: (payload: string) => Answer = () => ({ kind: 'silent' });
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => send(response, answerTo(body)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play: (record, events, asRecorded) => {
      answerTo = player(record, events, asRecorded);
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

function send(response: ServerResponse, answer: Answer): void {
  if (answer.kind === 'silent') return;
  response.setHeader('content-type', 'application/json');
  if (answer.kind === 'refused') {
    response.setHeader('x-amzn-errortype', answer.code);
    response.statusCode = answer.status;
    response.end(JSON.stringify({ Type: 'User', Message: answer.message, message: answer.message }));
    return;
  }
  if (answer.kind === 'raised') response.setHeader('x-amz-function-error', 'Unhandled');
  response.setHeader('x-amz-executed-version', '$LATEST');
  response.end(answer.payload);
}

/** Each recorded invocation is answered once; what the record does not show (a map run's children) by behaviour. */
function player(
  record: RecordedExecution,
  events: RecordedEvent[],
  asRecorded: (text: string) => string,
): (payload: string) => Answer {
  const scheduled = events.filter(({ type }) => /^(Task|LambdaFunction)Scheduled$/.test(type));
  return (payload) => {
    const shown = normal(JSON.parse(asRecorded(payload)) as Json);
    const index = scheduled.findIndex((event) => alike(normal(payloadOf(event)), shown));
    const [found] = index >= 0 ? scheduled.splice(index, 1) : [];
    return (found && outcome(found, events)) ?? behaviour(record, payload);
  };
}

function payloadOf(event: RecordedEvent): Json {
  const { input, parameters } = detailsOf(event);
  if (event.type === 'LambdaFunctionScheduled') return parsed(input ?? null);
  return isObject(parameters) && parameters.Payload !== undefined ? parsed(parameters.Payload) : {};
}

const parsed = (value: Json): Json =>
  typeof value === 'string' && isJson(value) ? (JSON.parse(value) as Json) : value;

function outcome(scheduled: RecordedEvent, events: RecordedEvent[]): Answer | undefined {
  for (let id = scheduled.id; ; ) {
    const next = events.find(
      ({ previousEventId, type }) => previousEventId === id && /^(Task|LambdaFunction)(?!State)/.test(type),
    );
    if (!next) return undefined;
    const { output, error, cause } = detailsOf(next);
    if (next.type.endsWith('TimedOut')) return { kind: 'silent' };
    if (next.type.endsWith('Failed')) return failure(String(error), cause ?? '');
    if (/Succeeded$|Submitted$/.test(next.type)) {
      const result = parsed(output ?? null);
      const payload = scheduled.type === 'TaskScheduled' && isObject(result) ? result.Payload : result;
      return { kind: 'returned', payload: JSON.stringify(payload ?? null) };
    }
    id = next.id;
  }
}

function failure(error: string, cause: Json): Answer {
  const text = typeof cause === 'string' ? cause : JSON.stringify(cause);
  const refused = /^(.*?) \(Service: .*Status Code: (\d+); Error Code: (\w+);/s.exec(text);
  if (refused?.[1] && refused[3])
    return { kind: 'refused', status: Number(refused[2]), code: refused[3], message: refused[1] };
  if (error === 'Lambda.Unknown')
    return { kind: 'raised', payload: /Returned payload: (.*)$/s.exec(text)?.[1] ?? 'null' };
  return error === 'States.DataLimitExceeded'
    ? { kind: 'returned', payload: JSON.stringify('x'.repeat(300_000)) }
    : { kind: 'raised', payload: text };
}

/** What the material says of its handlers by their names. */
function behaviour({ lambdaHandlers }: RecordedExecution, payload: string): Answer {
  if (!lambdaHandlers.includes('raise_exception.py')) return { kind: 'returned', payload };
  const errorMessage = 'Some exception was raised.';
  const stackTrace = [
    `  File "/var/task/handler.py", line 2, in handler\n    raise Exception("${errorMessage}")\n`,
  ];
  const raised = { errorMessage, errorType: 'Exception', requestId: 'id', stackTrace };
  return { kind: 'raised', payload: JSON.stringify(raised) };
}
