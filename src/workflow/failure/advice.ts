import type { DecodedFailure } from './cause.js';

/** How the local server says that a function of the config has no file: an app that nobody has built. */
export const unbuilt = /Cannot find module '\.{1,2}\/[^']*' \(from /;

/** What to do about a failure. */
export interface Advice {
  /** Why this happens, in a sentence; undefined where the message says it all. */
  meaning?: string;
  /** Commands of ours without the reference to the execution, the most useful first: `logs`, `history`. */
  commands: AdvisedCommand[];
}
export interface AdvisedCommand {
  command: 'logs' | 'history' | 'redrive' | 'rerun' | 'rehearse' | 'doctor';
  /** Behind the reference. */
  flags: string;
  what: string;
}

const logs = (decoded: DecodedFailure): AdvisedCommand => ({
  command: 'logs',
  flags: decoded.requestId === undefined ? ' --errors' : ` --filter ${decoded.requestId}`,
  what: 'what the function wrote',
});
const events = (stateName: string | undefined): AdvisedCommand => ({
  command: 'history',
  flags: stateName === undefined ? ' --failed' : ` --state ${shellWord(stateName)}`,
  what: 'what the state was given',
});
const redrive: AdvisedCommand = {
  command: 'redrive',
  flags: ' --plan',
  what: 'go on where it failed: whether, and what runs again',
};
const rerun: AdvisedCommand = { command: 'rerun', flags: ' --edit', what: 'start again with another input' };
const rehearse: AdvisedCommand = {
  command: 'rehearse',
  flags: ' --definition <file>',
  what: 'try a changed definition on it, here',
};
/** With the function as it is here. */
const rehearseCall = (stateName: string | undefined): AdvisedCommand[] =>
  stateName === undefined
    ? []
    : [
        {
          command: 'rehearse',
          flags: ` --call ${shellWord(stateName)}`,
          what: 'try the function of here on it',
        },
      ];
const doctor: AdvisedCommand = { command: 'doctor', flags: '', what: 'which permissions are missing' };

/** A word of a command line, quoted where a shell needs it. */
export const shellWord = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

interface Case {
  /** Matched against `error type message`. */
  when: RegExp;
  meaning?: string;
  commands(decoded: DecodedFailure, stateName: string | undefined): AdvisedCommand[];
}

/** Known failures of MBC CQRS Serverless; in frames of the app's own, the same words mean something else. */
const ofFramework: Case[] = [
  {
    when: /Cannot read properties of undefined \(reading 'includes'\)/,
    meaning:
      "The framework took this for a step of its command machine, since no event factory of the app knows the state machine by its name: rename it (sfn-task, import-csv, …), or route it in the app's event factory (lint rule MF009).",
    commands: (decoded, stateName) => [logs(decoded), events(stateName)],
  },
  {
    when: /Cannot read properties of undefined \(reading '(NewImage|dynamodb)'\)/,
    meaning:
      "The framework's command machine takes a record of a table's stream as its input, and got something else: send it one (mbc-flow trigger stream), or route the machine in the app's event factory.",
    commands: (decoded, stateName) => [events(stateName), logs(decoded)],
  },
];

/** The first that fits; the order is from the particular to the general. */
const cases: Case[] = [
  {
    when: /Unable to determine event source/,
    meaning:
      'The framework tells events apart by their context, and the state passed none: its Payload needs "input.$": "$" and "context.$": "$$" (mbc-flow lint finds such states).',
    commands: (_, stateName) => [events(stateName), rerun],
  },
  {
    when: /signal: killed|OutOfMemory|heap out of memory|Runtime\.ExitError.*killed/i,
    meaning: 'It ran out of memory: give it more (MemorySize of a function), or less to do at once.',
    commands: (decoded) => [logs(decoded), redrive],
  },
  {
    when: /Task timed out after|Sandbox\.Timedout/,
    meaning: "The function's own timeout ended it: raise it, or do less in one call.",
    commands: (decoded) => [logs(decoded), redrive],
  },
  {
    when: /Lambda\.Unknown|Runtime\.ExitError|Process exited before completing/,
    meaning: 'The function broke off without an answer: its process ended, or its time or memory did.',
    commands: (decoded) => [logs(decoded), redrive],
  },
  {
    when: /CannotPull(Container|Image|ECR)|CannotPullContainerError/,
    meaning:
      "The container's image could not be pulled: look at its name, its tag, and the task's execution role.",
    commands: (_, stateName) => [events(stateName), redrive],
  },
  {
    when: /\bKMS|Kms\w*\.|Kms\w+Exception|kms:/,
    meaning: 'A KMS key is missing or disabled, or may not be used by this role.',
    commands: () => [doctor, redrive],
  },
  {
    when: /Lambda\.(ResourceNotFound|InvalidRequest)|Function not found/,
    meaning: 'The function that the state calls is not there: look at its name, and whether it is deployed.',
    commands: (_, stateName) => [events(stateName), redrive],
  },
  {
    when: /Access ?Denied|NotAuthorized|not authorized|States\.Permissions|is not permitted|Forbidden/i,
    meaning: "The state machine's role lacks a permission.",
    commands: () => [doctor, redrive],
  },
  {
    when: /TooManyRequests|Throttl|Rate exceeded|ProvisionedThroughputExceeded|SlowDown|RequestLimitExceeded|ConcurrentInvocationLimit/i,
    meaning: 'The service was asked too much at once; a Retry on this error would have waited it out.',
    commands: () => [redrive],
  },
  {
    when: /States\.DataLimitExceeded|exceeding the maximum number of bytes|payload size exceeded|Response payload size/i,
    meaning: 'A state passes at most 256 KiB: store what is larger in S3 and pass its address.',
    commands: (_, stateName) => [events(stateName), rehearse, rerun],
  },
  {
    when: /ExceedToleratedFailureThreshold/,
    meaning:
      'More items failed than the Map tolerates (ToleratedFailurePercentage or -Count; none by default).',
    commands: () => [redrive],
  },
  {
    when: /States\.ItemReaderFailed/,
    meaning: 'The items could not be read: look at the bucket, the key and the file.',
    commands: (_, stateName) => [events(stateName), rerun],
  },
  {
    when: /ConditionalCheckFailed|ConditionalRequestFailed|TransactionConflict/,
    meaning: 'The row was changed in between, or is there already: the condition of the write did not hold.',
    commands: (decoded, stateName) => [
      ...(decoded.service === 'Lambda' ? [logs(decoded)] : []),
      events(stateName),
      redrive,
    ],
  },
  {
    when: /States\.ResultWriterFailed/,
    meaning: 'The results could not be written: look at the bucket and at what the role may write.',
    commands: () => [doctor, redrive],
  },
  {
    when: /maximum number of history events/,
    meaning:
      'An execution has at most 25,000 events: use a Distributed Map, or start another execution in time.',
    commands: () => [rerun],
  },
  {
    when: /States\.(Heartbeat)?Timeout/,
    meaning: 'Nothing came within the timeout of the state (or of the whole execution).',
    commands: (_, stateName) => [events(stateName), redrive],
  },
  {
    when: /NoChoiceMatched|does not point to a next state/,
    meaning: 'No rule of the Choice fits its input, and it has no Default.',
    commands: (_, stateName) => [events(stateName), rehearse, rerun],
  },
  {
    when: /States\.BranchFailed/,
    meaning: 'A branch failed, and so the whole Parallel: its states say why.',
    commands: () => [events(undefined), redrive],
  },
  {
    when: /States\.Http\.Socket/,
    meaning: 'The endpoint could not be reached, or did not answer in time (60 seconds).',
    commands: (_, stateName) => [redrive, events(stateName)],
  },
  {
    when: /States\.Http\.StatusCode\.(4(?!29|08)\d\d)/,
    meaning: 'The endpoint refused the request: look at the address, the connection and what was sent.',
    commands: (_, stateName) => [events(stateName), redrive],
  },
  {
    when: /States\.Http\.StatusCode/,
    meaning: 'The endpoint failed or was asked too much: a Retry on this error would have waited it out.',
    commands: (_, stateName) => [redrive, events(stateName)],
  },
  {
    when: /States\.(Runtime|ParameterPathFailure|ResultPathMatchFailure|QueryEvaluationError|IntrinsicFailure)|Invalid path|JSONPath|JSONata/,
    meaning: 'The definition and the data do not fit: AWS never retries this.',
    commands: (_, stateName) => [events(stateName), rehearse, rerun],
  },
  {
    when: /Lambda\.(ServiceException|AWSLambdaException|SdkClientException|ClientExecutionTimeoutException|ResourceNotReady\w*|SnapStartNotReady\w*)|InternalServerError|InternalFailure|ServiceUnavailable/,
    meaning: 'The service itself failed for a moment: going on is usually enough.',
    commands: (decoded) => [redrive, logs(decoded)],
  },
  {
    when: unbuilt,
    meaning:
      'The app is not built: the file of its function is not there. Build it (npm run build), then go on.',
    commands: () => [redrive, rerun],
  },
  {
    when: /Runtime\.(ImportModuleError|HandlerNotFound|UserCodeSyntaxError|InvalidEntrypoint)|Cannot find module/,
    meaning: 'The function could not even be loaded: its package or its handler is wrong.',
    commands: (decoded) => [logs(decoded), redrive],
  },
  {
    when: /NoSuch(Key|Bucket|Entity)|(Resource)?NotFound(Exception)?\b|does not exist/,
    meaning: 'What the state calls or reads is not there: look at its name, and whether it is deployed.',
    commands: (_, stateName) => [events(stateName), redrive],
  },
];

/** What a failure means and what to type next. */
export function adviseOn(
  decoded: DecodedFailure,
  error: string | undefined,
  stateName: string | undefined,
): Advice {
  const text = [error, decoded.type, decoded.message].filter(Boolean).join(' ');
  const known = decoded.frame === undefined ? [...ofFramework, ...cases] : cases;
  const found = known.find(({ when }) => when.test(text));
  if (found) return { meaning: found.meaning, commands: found.commands(decoded, stateName) };
  // Another service's request id is in no log of ours.
  const { service, requestId, frame } = decoded;
  const fromFunction = service === 'Lambda' || (service === undefined && (requestId ?? frame) !== undefined);
  const first = fromFunction ? [logs(decoded), ...rehearseCall(stateName)] : [events(stateName)];
  return { commands: [...first, redrive] };
}
