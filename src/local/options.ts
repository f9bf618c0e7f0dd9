import type { HistoryEvent } from '../asl/engine/history-event.js';
import type { Evaluate } from '../asl/engine/map-item.js';
import type { EventSource } from '../events/event-source.js';
import type { Json, JsonObject } from '../json/json.js';

/** SQLite's own name for it. */
export const IN_MEMORY = ':memory:';

export interface LocalServerOptions {
  /** `IN_MEMORY`: nothing is written to disk, and the server does not keep its process alive. */
  dataDir: string;
  host?: string;
  /** 0: a free one. */
  port?: number;
  s3Port?: number;
  allowedHosts?: string[];
  /** NAME -> SPEC, as in `--functions` and the config's `local.functions`. */
  functions?: Record<string, FunctionSpec>;
  /** Folder that relative module paths start from. */
  functionsBase?: string;
  lambdaEndpoint?: string;
  /** A Lambda endpoint that takes what no spec does, when there is one; it is asked until it finds it. */
  findLambda?: () => Promise<string | undefined>;
  /** A bucket that the app expects. */
  bucket?: string;
  /** Services beyond this server's own, by name: `{ dynamodb: 'http://127.0.0.1:8000' }`. */
  serviceEndpoints?: Record<string, string>;
  /**
   * A CloudFormation, CDK or SAM template or a serverless.yml whose state machines are registered, also when it changes;
   * null: there is none any more, and what a former one took the place of comes back.
   */
  template?: string | null;
  /** The app's environment: to it a serverless.yml refers, and its functions get it (default: the process's own). */
  env?: Record<string, string | undefined>;
  /** File of mocks, in the format of Step Functions Local. */
  mocks?: string;
  /** A team's own machines: name -> path of an ASL file. */
  machines?: Record<string, string>;
  /** Speed of the clock: 1 is real, 0.1 ten times as fast, 0 passes all waiting at once. */
  timeScale?: number;
  /** When its time begins (epoch milliseconds), and whether it goes only where it skips to or is moved to. */
  clock?: { startAt?: number; stands?: boolean };
  /** What the process that runs the server answers itself. */
  inProcess?: InProcess;
  /** Refuses requests above AWS's rates per operation, as AWS does. */
  throttle?: boolean;
  /** What has ended so many days ago is removed, with its logs and results. */
  retentionDays?: number;
  /** False: answers requests but runs nothing (for commands that only read). */
  execute?: boolean;
  /** Streams and queues to deliver to functions; while it executes. */
  eventSources?: EventSource[];
  /** Loads functions before they are needed, and logs those that can't be. */
  checkFunctions?: boolean;
  /** Port for a debugger of functions: one child each, and no timeouts. */
  inspect?: number;
  /** Whoever needs a server that runs things asks this one, which runs nothing, to make room. */
  makeRoom?: () => void;
  /** Called when it listens at `endpoint`, before it answers or runs anything. */
  onListening?: (endpoint: string) => void;
  /** Diagnostics and functions' console output, a line each. */
  log?: (line: string) => void;
  /** The server can't go on (disk full, database damaged); it has stopped. */
  onFatal?: (error: Error) => void;
}

/** Functions and answers that are the code of the server's own process, and what it is told. */
export interface InProcess {
  /** Undefined: the process has none of that name; a spec may. */
  functionOf(name: string): HostedFunction | undefined;
  /** No function of that name is there, and none is built in. */
  functionMissing(name: string): void;
  /** Asked before a Task calls anything; undefined: it makes its call. */
  answer(asked: AskedTask): Promise<GivenAnswer | undefined>;
  /** Each step of an execution that is no child of a map run. */
  happened(executionArn: string, events: readonly HistoryEvent[]): void;
}

/** Never rejects. @param payload JSON text */
export type HostedFunction = (payload: string, call: HostedCall) => Promise<HostedAnswer>;
export interface HostedCall {
  requestId: string;
  functionName: string;
  functionArn: string;
}
/** JSON text: what it returned, or Lambda's form of its error. */
export interface HostedAnswer {
  payload: string;
  failed: boolean;
}

export interface AskedTask {
  executionArn: string;
  stateName: string;
  resource: string;
  /** What it is sent. */
  parameters: Json;
  /** It waits for its token, or for an activity's worker. */
  waits: boolean;
}

/** `after`: milliseconds of the server's time. */
export type GivenAnswer = { after?: number } & (
  | { type: 'success'; output: string }
  | { type: 'failure'; error?: string; cause?: string }
  /** Its call was taken, and it waits for its token. */
  | { type: 'submitted'; output: string }
  /** It waits for its timeout. */
  | { type: 'never' }
);

export type FunctionSpec =
  | string
  | {
      module: string;
      timeoutSeconds?: number;
      memoryMB?: number;
      concurrency?: number;
      env?: Record<string, string>;
    };

/** What may change while the server runs. */
export type LocalServerSettings = Pick<LocalServerOptions, 'functions' | 'machines' | 'env' | 'eventSources'>;

export interface LocalServer {
  /** `http://127.0.0.1:8083` */
  endpoint: string;
  /** Where S3 answers too. */
  s3Endpoint?: string;
  dataDir: string;
  /** Step Functions' API, without the wire. */
  operations: Record<string, (input: JsonObject, signal: AbortSignal) => Promise<JsonObject>>;
  clock: ServerClock;
  evaluate: Evaluate;
  /** Takes new settings over while it runs; what is wrong with a machine's file is logged. */
  reconfigure(settings: LocalServerSettings): Promise<void>;
  /** Starts running what rests (a server begun with `execute: false`). */
  resume(): void;
  stop(): Promise<void>;
}

/** Epoch milliseconds. */
export interface ServerClock {
  now(): number;
  /** Goes to `to`, past all that falls due before; resolves when the work of it is done. */
  advance(to: number): Promise<void>;
  /** Resolves when nothing goes on by itself any more. */
  settle(): Promise<void>;
  /** When the next thing falls due. */
  next(): number | undefined;
}
