// The public types of mbc-flow/testing: dist/testing.d.ts is made of this file alone, so it imports nothing.

declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Any JSON value; typed loosely, as a test reads it. */
// biome-ignore lint/suspicious/noExplicitAny: whoever writes a test knows what their machine answers
export type FlowValue = any;

/**
 * Starts a Step Functions server inside this process, with its own data in memory. It needs no AWS account, no port to
 * be free and no clean-up: it never keeps the process alive, and what a test forgets to stop ends with it.
 */
export declare function startFlow(options?: FlowOptions): Promise<Flow>;

export interface FlowOptions {
  /**
   * The state machines: by name, a definition (ASL) or the path of its file; or a list of files and of names under
   * `local.machines` in mbc-flow.json. Default: all of `local.machines`.
   */
  machines?: FlowMachines | undefined;
  /** A CloudFormation, CDK or SAM template or a serverless.yml: all its state machines. */
  template?: string | undefined;
  /**
   * The Lambda functions, by name; `'*'` stands for every other. A function of this process is called with
   * `(event, context, callback)`; a text is the module of one (`./dist/main.handler`), which runs in its own process,
   * or the URL of a Lambda endpoint. `{ load: () => import('../src/main') }` is an application of the framework, which
   * runs in this process, too.
   */
  functions?: Readonly<Record<string, FlowFunction | string | FlowModule | FlowApplication>> | undefined;
  /**
   * What Tasks are answered instead of making their call, by the name of the state: one answer, a list of which each
   * call takes the next one (the last repeats), or a function of what the Task was sent.
   */
  answers?: Readonly<Record<string, FlowAnswers>> | undefined;
  clock?: FlowClock | undefined;
  /** Environment of functions that are modules (default: that of this process). */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Services beside this server, by name: `{ dynamodb: 'http://127.0.0.1:8000' }`. */
  endpoints?: Readonly<Record<string, string>> | undefined;
  /** Where relative paths start, and where mbc-flow.json is looked for (default: the working directory). */
  folder?: string | undefined;
  /** Diagnostics and the console output of functions that are modules, a line each. */
  log?: ((line: string) => void) | undefined;
}

export type FlowMachines = readonly string[] | Readonly<Record<string, string | object | FlowMachine>>;
export interface FlowMachine {
  /** ASL, or the path of its file. */
  definition: string | object;
  type?: 'STANDARD' | 'EXPRESS' | undefined;
}

/** Returns its result or a promise of it, or calls `callback`; what it throws fails the Task as it would on Lambda. */
export type FlowFunction = (
  event: FlowValue,
  context: FlowValue,
  // biome-ignore lint/suspicious/noExplicitAny: handlers are declared with many types of callbacks
  callback: any,
) => unknown;

export interface FlowModule {
  module: string;
  timeoutSeconds?: number;
  memoryMB?: number;
  concurrency?: number;
  env?: Record<string, string>;
}

/**
 * An application whose handler is made as its module is loaded (`createHandler`). `startFlow` first sets `process.env` as
 * that module is to find it: the application's `.env`, this server's endpoints, and what Lambda sets.
 */
export interface FlowApplication {
  /** Gives the module: `() => import('../src/main')`, or in CommonJS `() => require('../src/main')`. */
  load: () => unknown;
  /** What the module exports (default: `handler`). */
  handler?: string | undefined;
  /** Variables beside those, or in their place; undefined takes one out. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

export type FlowAnswers = FlowAnswer | readonly FlowAnswer[] | ((call: FlowCall) => FlowAnswerOf);
/** Undefined: the Task makes its call. */
export type FlowAnswerOf = FlowAnswer | undefined | Promise<FlowAnswer | undefined>;

/** As in a `.flow.yaml`. */
export type FlowAnswer =
  /** The result of the call, before ResultSelector. */
  | { value: unknown; after?: string }
  /** The call fails. */
  | { error: string; cause?: string; after?: string }
  /** No answer comes: the Task waits for its timeout. */
  | { never: true }
  /** The Task makes its call. */
  | { call: true };

export interface FlowCall {
  state: string;
  /** ARN of the execution. */
  execution: string;
  /** What the Task is sent: its Parameters or Arguments. */
  sent: FlowValue;
  /** How often the state has called before in this execution, from 0. */
  index: number;
}

export interface FlowClock {
  /**
   * In both modes time stands while functions run and answers are awaited: what is tested takes as long as its
   * definition says. `skip` (default): Wait states, delays of retries and timeouts pass at once, in their order, while nothing waits for
   * an answer from outside. `manual`: time moves only by `advance`.
   */
  mode?: 'skip' | 'manual' | undefined;
  /** When the time of the server begins: a Date, or ISO 8601 (default: now). */
  start?: string | Date | undefined;
}

export interface Flow extends FlowAnswering {
  /** For an AWS SDK: `http://127.0.0.1:…`. */
  readonly endpoint: string;
  /** Environment variables that lead the AWS SDK of this process to this server. */
  readonly env: Readonly<Record<string, string>>;
  /** The server's time. */
  readonly now: Date;
  /**
   * Starts an execution, and resolves when it has ended or goes on no more by itself: it waits for an answer from
   * outside, or (with a manual clock) for time to pass.
   */
  run(machine: string, input?: unknown, options?: { name?: string }): Promise<FlowExecution>;
  /**
   * Moves time on by `90s`, `5m`, `2h`, `7d`, or to a moment; without either, to what falls due next. Resolves when all
   * that fell due is done.
   */
  advance(by?: string | { to: string | Date }): Promise<void>;
  /** The steps that wait for an answer, the oldest first. */
  pending(): Promise<PendingStep[]>;
  /** What the Tasks of a state were sent, in order, in all executions. */
  sent(state: string): FlowValue[];
  /** Resolves when no execution goes on by itself any more: after an answer that a function or an SDK has sent. */
  settled(): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Answers to a step that waits. `step`: its request id, an execution (or its ARN or name), or what `pending` told;
 * it may be left out where only one waits. Each resolves when what it set going is done.
 */
export interface FlowAnswering {
  /** The answer is brought into the form that the state needs. */
  approve(step?: FlowStep, options?: { comment?: string; answer?: unknown }): Promise<void>;
  /** As an answer where the next state decides on `approved`, otherwise as the error `Rejected`. */
  reject(step?: FlowStep, options?: { reason?: string; as?: 'failure' | 'answer' }): Promise<void>;
  resume(step?: FlowStep, options?: { answer?: unknown }): Promise<void>;
  fail(step?: FlowStep, options?: { error?: string; cause?: string }): Promise<void>;
  heartbeat(step?: FlowStep): Promise<void>;
}

export type FlowStep = string | FlowExecution | PendingStep;

export interface PendingStep {
  readonly requestId?: string;
  readonly state: string;
  /** ARN. */
  readonly execution: string;
  /** `token`, or `activity`: that one is answered by a worker or by `answers`. */
  readonly kind: 'token' | 'activity';
  readonly since: Date;
  readonly timeoutAt?: Date;
  /** Index in the innermost Map around it. */
  readonly iteration?: number;
  /** What was sent with it; its token is struck out. */
  readonly sent: FlowValue;
}

/** An execution; it follows what becomes of it, as far as calls of `Flow` have resolved. */
export interface FlowExecution {
  readonly arn: string;
  readonly name: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** Of one that SUCCEEDED. */
  readonly output: FlowValue;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** The states, as they were entered; `Name[2]` in an iteration of a Map. */
  readonly path: string[];
  /** Its history, in AWS's form. */
  readonly events: FlowEvent[];
  /** Milliseconds of the server's time from its start to its end (or to now). */
  readonly duration: number;
  /** What the Tasks of a state were sent, in order. */
  sent(state: string): FlowValue[];
}

export interface FlowEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Date;
  readonly type: string;
  /** `taskScheduledEventDetails`, … */
  readonly [details: string]: FlowValue;
}

/** What was wrong with an option or a call; `code` is stable. */
export interface FlowTestError extends Error {
  readonly code: string;
  readonly where?: string;
  readonly hint?: string;
}
