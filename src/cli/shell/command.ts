import type { Evaluate } from '../../asl/engine/map-item.js';
import type { ExitCode } from '../../errors.js';
import type { ExecutionMemory } from '../../operations/answer/find-paused.js';
import type { ImportJournal } from '../../operations/import/import-journal.js';
import type { BatchItems, BatchJournal } from '../../operations/task/batch-journal.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { Gateways, ObjectEncryption } from '../../ports/aws.js';
import type { ToldWaits } from './waits.js';

/**
 * A command is plain data plus one function. The declaration is all that `--help` needs, so a command's file
 * imports nothing at its top but types and light helpers: operations and views are loaded inside `run`.
 */
export interface Command {
  /** One word; or two, of which the first is that of a group: `task start`. */
  name: string;
  /** One line for the list of commands; does not repeat the name. */
  summary: string;
  /** A few sentences for the command's own help. */
  description?: string;
  /** Commander's syntax: `<file...>`, `[machine]`. */
  arguments?: { syntax: string; description: string }[];
  options?: CommandOption[];
  /** It changes something: a reader of its output that goes away does not end it. */
  changes?: true;
  /** Words by which people of other tools look for it. */
  aliases?: string[];
  /** Shown under the help; each line can be pasted. */
  examples: { line: string; what: string }[];
  /** `args`: positional values in order (a variadic one is an array). `options`: camelCase as commander has it. */
  run(
    context: Context,
    args: (string | string[] | undefined)[],
    options: Record<string, unknown>,
  ): Promise<ExitCode>;
}
export interface CommandOption {
  /** Commander's syntax: `--table <name>`, `--attribute <k=v...>`, `--no-header`. */
  flags: string;
  description: string;
  default?: string | boolean;
  choices?: string[];
}

export interface Terminal {
  stdoutIsTTY: boolean;
  stderrIsTTY: boolean;
  stdinIsTTY: boolean;
  columns: number;
  rows: number;
  /** Colours wanted on stdout / stderr (TTY, NO_COLOR, FORCE_COLOR, --no-color). */
  color: boolean;
  errorColor: boolean;
}

/** What a command's run gets: the flags that all commands share, already decided, and the world, narrowed. */
export interface Context {
  output: 'text' | 'json' | 'ndjson';
  quiet: boolean;
  verbose: boolean;
  yes: boolean;
  dryRun: boolean;
  /** The user named a target by a flag, so that the command means it and not files. */
  targetNamed: boolean;
  cwd: string;
  env: Record<string, string | undefined>;
  stdin: NodeJS.ReadStream;
  terminal: Terminal;
  /** Results. Text and JSON never mix: `line` does nothing under json/ndjson, `json` nothing under text. */
  out: {
    line(text?: string): void;
    /** Empties the terminal's screen. */
    clear(): void;
    /** One document (json) or one object a line (ndjson). */
    json(value: unknown): void;
  };
  /** Everything else, to stderr; silent under --quiet (notices, progress) and under -o json. */
  err: {
    notice(text: string): void;
    /** One line that replaces itself on a TTY; on a pipe printed at most every few seconds. '' clears it. */
    progress(text: string): void;
    verbose(text: string): void;
  };
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** What takes long is told of. */
  waits: ToldWaits;
  /** To be called when the command has ended, however it did. */
  onClose(task: () => void): void;
  /** Fires on SIGINT and SIGTERM; `reason` is the signal's name. */
  signal: AbortSignal;
  /** Resolves flags, config and environment to a target and connects to it, once. `changes`: false for commands
   * that only read (a carried local server then runs nothing). */
  connect(options: { changes: boolean }): Promise<Target>;
  /** Evaluates JSONata in a process of its own; rejects when the command is told to stop. */
  evaluate: Evaluate;
  /** The local record of who answered what. */
  audit: AuditLog;
  /** Runs the local server in this process, on the local target's data directory. */
  serve(options: ServeOptions): Promise<ServedLocal>;
}

export interface ServeOptions {
  port?: number;
  s3Port?: number;
  host?: string;
  allowedHosts?: string[];
  /** NAME -> SPEC, relative to the working directory; on top of the config's. */
  functions?: Record<string, string>;
  lambdaEndpoint?: string;
  /** Service -> URL; on top of the config's. */
  serviceEndpoints?: Record<string, string>;
  /** File of mocks; relative to the working directory. */
  mocks?: string;
  /** Template whose state machines are registered; relative to the working directory. */
  template?: string;
  /** Days that ended executions, their logs and results are kept. */
  retentionDays?: number;
  /** 1 is real time, 0 passes all waiting at once. */
  timeScale?: number;
  throttle?: boolean;
  /** Delivers streams and queues to functions. */
  eventSources?: boolean;
  /** Empties the data directory first. */
  reset?: boolean;
  log: (line: string) => void;
}
export interface ServedLocal {
  endpoint: string;
  dataDir: string;
  /** What is delivered to functions. */
  eventSources: { kind: 'stream' | 'queue'; name: string; endpoint: string }[];
  stop(): Promise<void>;
  /** Rejects when the server can't go on (disk full, …). */
  failed: Promise<never>;
}

/** A place where workflows run, connected. */
export interface Target {
  name: string;
  region: string;
  /** Known without a call only for `local` and where config says so. */
  account?: string;
  protected: boolean;
  prefix?: string;
  tenant?: string;
  bucket?: string;
  /** What the names of its DynamoDB tables begin with, where that is known. */
  tablePrefix?: string;
  /** The function that gets its events, where the config says so. */
  eventFunction?: string;
  /** Encryption of uploads. */
  sse?: ObjectEncryption['algorithm'];
  sseKmsKeyId?: string;
  gateways: Gateways;
  /** A server on this machine: no console, no traces. */
  loopback: boolean;
  /** Milliseconds between polls of a followed execution: short on loopback, AWS's buckets in mind elsewhere. */
  pollMilliseconds: number;
  /** True when this process itself runs the local server, so that executions rest when it leaves. */
  carried(): boolean;
  /** `local (account 101010101010, ap-northeast-1, data in ./.mbc-flow)`: for the line before a change. */
  describe(): Promise<string>;
  /** Says target and change on stderr and asks where the contract says so; throws FlowError 2 or 130. */
  /** `several`: a filter or a list chose several executions or paused steps. */
  confirm(change: string, options?: { ask?: boolean; several?: boolean }): Promise<void>;
  /** ARN of a machine by role (`import-csv`), name or ARN. FlowError 3 when none, 5 when several (both listed). */
  machineArn(reference: string): Promise<string>;
  /** Why `machineArn` means what it does, for people. */
  machineReason(reference: string): string;
  /** ARN of an execution by ARN, name or its beginning, console URL, `@last`, `@2`, `<machine>@last`. FlowError 3 or 5. */
  executionArn(reference: string): Promise<string>;
  /** What `@last` means from now on. */
  rememberExecution(executionArn: string): Promise<void>;
  /** Who the credentials are. */
  callerArn(): Promise<string>;
  /** What commands remember of executions, to spare calls. */
  memory: ExecutionMemory;
  /** How far imports have come. */
  journal: ImportJournal;
  /** Batches of tasks that were begun, and their items. */
  batches: BatchJournal;
  batchItems: BatchItems;
  /** A bucket for uploads by the contract's rules; FlowError 3 lists what was tried. */
  uploadBucket(flag?: string): Promise<string>;
  /** A DynamoDB table of the app by the framework's name for it (`import_tmp`); FlowError 2 without a prefix. */
  tableName(name: string): string;
  /** Extra words for command lines in hints, so that they reach this target again: '' or ' --target prod'. */
  flagsForHints: string;
}
