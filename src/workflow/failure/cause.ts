import { isObject, type Json, type JsonObject, parsedJson } from '../../json/json.js';
import { appFrame } from './stack-frame.js';

/** A failure as an operator wants it: the original message, dug out of whatever it was wrapped in. */
export interface DecodedFailure {
  /** Never empty; may have several lines. */
  message: string;
  /** The original error's type: `ValidationError`, `Sandbox.Timedout`. */
  type?: string;
  /** First frame of the application's own code, as its stack names it. */
  frame?: string;
  /** Of the service that failed: for Lambda, what its log lines carry. */
  requestId?: string;
  /** The AWS service that failed, where its SDK says so: `DynamoDb`; `Lambda` for what a function threw. */
  service?: string;
  /** The innermost nested execution that failed. */
  executionArn?: string;
}

/** Causes nest (a nested execution's Lambda's JSON message), but not without end. */
const DEEPEST = 10;

/** What an error says when it comes without a cause. */
const WITHOUT_CAUSE: Record<string, string> = {
  'States.Timeout': 'It took longer than its timeout allows.',
  'States.HeartbeatTimeout': 'No heartbeat came within the time allowed.',
  'States.DataLimitExceeded': 'Its data is over the 256 KiB that a state may pass on.',
  'States.Permissions': 'Its role lacks a permission.',
  'States.TaskFailed': 'The task failed and told no cause.',
  'States.BranchFailed': 'A branch of the Parallel failed.',
  'States.NoChoiceMatched': 'No rule of the Choice fits its input, and it has no Default.',
  'States.ItemReaderFailed': 'The items of the Map could not be read.',
  'States.ResultWriterFailed': 'The results of the Map could not be written.',
  'States.Http.Socket': 'The endpoint could not be reached.',
  'States.ExceedToleratedFailureThreshold': 'More items failed than the Map tolerates.',
};

/** Decodes the `error` and `cause` of a failed event: Lambda's JSON, JSON in JSON, nested executions, SDK texts. */
export function decodeFailure(error: string | undefined, cause: string | undefined): DecodedFailure {
  const decoded: Partial<DecodedFailure> = {};
  const message = cause === undefined ? undefined : digText(cause, decoded, 0);
  const type = decoded.type ?? error;
  return { ...decoded, type, message: told(message, type) || withoutCause(error) };
}

/** The same as one text: `ValidationError: name is required`. */
export function failureText(error: string | undefined, cause: string | undefined): string {
  const { message, type } = decodeFailure(error, cause);
  return type === undefined || message.includes(type) ? message : `${type}: ${message}`;
}

const withoutCause = (error: string | undefined): string =>
  (error && WITHOUT_CAUSE[error]) || error || 'No error and no cause were recorded.';

/** Python's KeyError says the key alone. */
const told = (message: string | undefined, type: string | undefined): string | undefined =>
  message !== undefined && type && /^(['"]).*\1$|^\d+$/.test(message) ? `${type}: ${message}` : message;

function digText(text: string, into: Partial<DecodedFailure>, depth: number): string | undefined {
  const trimmed = text.trim();
  if (depth > DEEPEST || trimmed === '') return undefined;
  const json = parsed(trimmed);
  if (json !== undefined) return digJson(json, into, depth) ?? trimmed;
  return digPlain(trimmed, into, depth);
}

function digJson(json: Json, into: Partial<DecodedFailure>, depth: number): string | undefined {
  if (typeof json === 'string') return digText(json, into, depth + 1);
  if (Array.isArray(json)) return json.length === 1 ? digJson(json[0] ?? null, into, depth + 1) : undefined;
  if (!isObject(json)) return undefined;
  const requestId = textIn(json, 'requestId', 'RequestId');
  if (requestId) into.requestId = requestId;
  if (typeof json.ExecutionArn === 'string') into.executionArn = json.ExecutionArn;

  if ('errorType' in json || 'errorMessage' in json) into.service = 'Lambda';
  const type = textIn(json, 'errorType', 'Error', 'error', 'ErrorCode', 'name');
  if (type) into.type = type;
  const frame = appFrame(json.trace ?? json.stackTrace ?? json.stack ?? null);
  if (frame) into.frame = frame;
  // A rejected promise carries the true error in its message, and in some runtimes as `reason` too.
  if (isObject(json.reason)) {
    const found = digJson(json.reason, into, depth + 1);
    if (found) return found;
  }
  const message = textIn(json, ...MESSAGES);
  if (message !== undefined) return withInner(digText(message, into, depth + 1) ?? message, json);
  for (const key of WRAPPERS) {
    const inner = json[key];
    if (typeof inner === 'object' && inner !== null) {
      const found = digList(Array.isArray(inner) ? inner : [inner], into, depth);
      if (found !== undefined) return found;
    }
  }
  if (into.executionArn !== undefined && typeof json.Status === 'string')
    return `The execution that it started ended: ${json.Status}.`;
  return deepMessage(json) ?? type;
}

/** Of several, the first that tells something. */
function digList(list: Json[], into: Partial<DecodedFailure>, depth: number): string | undefined {
  const telling = list.find((entry) => isObject(entry) && textIn(entry, ...MESSAGES) !== undefined);
  return digJson(telling ?? list[0] ?? null, into, depth + 1);
}

/** Where services put their message, the most specific first. */
const MESSAGES = [
  'errorMessage',
  'ErrorMessage',
  'Cause',
  'cause',
  'message',
  'Message',
  'msg',
  'FailureReason',
  'StoppedReason',
  'StatusReason',
  'StateChangeReason',
  'Reason',
  'reason',
  'detail',
  'description',
];
const WRAPPERS = ['error', 'Error', 'Entries', 'Containers', 'Attempts', 'Container'];

/** Services describe what they ran, and say somewhere inside why it failed: the outermost message counts. */
function deepMessage(json: JsonObject): string | undefined {
  let level: Json[] = Object.values(json);
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    for (const value of level) {
      const message = isObject(value) ? textIn(value, ...MESSAGES) : undefined;
      if (message !== undefined) return message;
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return undefined;
}

/** A message with what caused it: Java's inner exception, the container that made an ECS task or a Batch job stop. */
function withInner(message: string, json: JsonObject): string {
  const inner = isObject(json.cause)
    ? [textIn(json.cause, 'errorType'), textIn(json.cause, 'errorMessage')].filter(Boolean).join(': ')
    : containersOf(json).map(endOfContainer).find(Boolean);
  return inner && !message.includes(inner) ? `${message} (${inner})` : message;
}

const containersOf = ({ Containers, Container, Attempts }: JsonObject): Json[] => [
  ...(Array.isArray(Containers) ? Containers : []),
  Container ?? null,
  ...(Array.isArray(Attempts) ? Attempts : []).map((attempt) =>
    isObject(attempt) ? (attempt.Container ?? null) : null,
  ),
];

function endOfContainer(container: Json): string | undefined {
  if (!isObject(container)) return undefined;
  const { ExitCode: code } = container;
  const why =
    textIn(container, 'Reason') ?? (typeof code === 'number' && code !== 0 ? `exit code ${code}` : undefined);
  return why && [textIn(container, 'Name'), why].filter(Boolean).join(': ');
}

/** What an SDK adds; a failure that came without a message is told twice. */
const SERVICE =
  /\s*\(Service: [^()]*(?:\([^()]*\)[^()]*)*\)(?: \(SDK Attempt Count: \d+\))?(?: \(Service: [^()]*\))?\s*$/;

function withoutMessage(told: string): string {
  const [, service = ''] = /\(Service: ([^,;)]+)/.exec(told) ?? [];
  const [, status] = /Status Code: (\d+)/.exec(told) ?? [];
  return status === undefined
    ? `${service} told no message`
    : `${service} answered ${status} without a message`;
}

function digPlain(text: string, into: Partial<DecodedFailure>, depth: number): string {
  const state =
    /^An error occurred while executing the state '.+?' \(entered at the event id #\d+\)\.\s*/s.exec(text);
  if (state) return text.slice(state[0].length) || text;

  const unknown =
    /^The cause could not be determined because Lambda did not return an error type\. Returned payload: /.exec(
      text,
    );
  if (unknown) return digText(text.slice(unknown[0].length), into, depth + 1) ?? text;

  // Lambda's own: `RequestId: 1-2-3 Error: Runtime exited with error: signal: killed`.
  const runtime = /^(?:\S+Z )?(?:RequestId: )?([0-9a-f-]{36}) (?:Error: )?(.+)$/s.exec(text);
  if (runtime) {
    into.requestId = runtime[1];
    return runtime[2] ?? text;
  }

  // Java and v2 SDKs end with `(Service: S3, Status Code: 404, Request ID: …)`.
  const service = SERVICE.exec(text);
  if (service) {
    const requestId = /Request ID: ([^,;)\s]+)/.exec(service[0])?.[1];
    if (requestId) into.requestId = requestId;
    into.service = /\(Service: ([^,;)]+)/.exec(service[0])?.[1];
    into.type = /Error Code: ([^,;)\s]+)/.exec(service[0])?.[1] ?? into.type;
    return text.slice(0, service.index) || withoutMessage(service[0]);
  }

  // An unhandled rejection's message is the original error's text: `TypeError: x is not a function`.
  if (into.type === 'Runtime.UnhandledPromiseRejection' || into.type === 'Runtime.UncaughtException') {
    const original = /^([A-Za-z_$][\w$.]*): (.*)$/s.exec(text);
    if (original) {
      into.type = original[1];
      return digText(original[2] ?? '', into, depth + 1) ?? text;
    }
  }
  return truncatedLambdaMessage(text) ?? text;
}

/** AWS cuts causes at 32,768 characters, which leaves Lambda's JSON without an end. */
function truncatedLambdaMessage(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  const message = /"errorMessage"\s*:\s*("(?:[^"\\]|\\.)*)/.exec(text)?.[1];
  return message && (parsed(`${message}"`) as string | undefined);
}

/** The first of these that says something; a list of texts (of a validation) is one text. */
function textIn(json: JsonObject, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = json[key];
    if (typeof value === 'string' && value !== '') return value;
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
      return value.join('; ');
  }
  return undefined;
}

function parsed(text: string): Json | undefined {
  return /^[{["]/.test(text) ? parsedJson(text) : undefined;
}
