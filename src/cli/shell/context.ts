import type { Evaluate } from '../../asl/engine/map-item.js';
import type { NameCache } from '../../files/kept/name-cache.js';
import type { WatchedFiles } from '../../files/watch-files.js';
import type { ReadItems } from '../../operations/rehearsal/read-items.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { AuditTrail } from '../../ports/audit-trail.js';
import type { Clock } from '../../ports/clock.js';
import type { Asker } from './confirm.js';
import type { Printer } from './printer.js';
import type { ToldWaits } from './slow-waits.js';
import type { Target } from './target.js';

export interface Terminal {
  /** Times are shown in UTC instead of this machine's zone. */
  utc: boolean;
  stdoutIsTTY: boolean;
  stderrIsTTY: boolean;
  stdinIsTTY: boolean;
  columns: number;
  rows: number;
  /** Colours wanted on stdout / stderr (TTY, NO_COLOR, FORCE_COLOR, --no-color). */
  color: boolean;
  errorColor: boolean;
}

/** Of a terminal: keys, and what is drawn. */
export interface ScreenStreams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
}

/** What a command's run gets: the flags that all commands share, already decided, and the world, narrowed. */
export interface Context {
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
  /** What a screen is drawn on; undefined where there is no terminal for one, or its lines are to be read. */
  screen?: () => ScreenStreams;
  /** Results. */
  out: Printer;
  /** Everything else, to stderr; silent under --quiet (notices, progress) and under -o json. */
  err: {
    notice(text: string): void;
    /** One line that replaces itself on a TTY; on a pipe printed at most every few seconds. '' clears it. */
    progress(text: string): void;
    verbose(text: string): void;
  };
  /** Sends the terminal a sequence that moves nothing on it: a bell, a notification. Undefined without a terminal. */
  alert?: (sequence: string) => void;
  clock: Clock;
  /** Reports slow waits. */
  waits: ToldWaits;
  /** Whatever draws the screen asks there; returns how to go back. */
  askThrough(asker: Asker): () => void;
  /** To be called when the command has ended, however it did. */
  onClose(task: () => void): void;
  /** Fires on SIGINT and SIGTERM; `reason` is the signal's name. */
  signal: AbortSignal;
  /** Resolves flags, config and environment to a target and connects to it, once. `changes`: false for commands
   * that only read (a carried local server then runs nothing); `carry` false: none is started, FlowError 6 instead;
   * `takeOver` false: one that goes away is not carried on here, for it may come back. */
  connect(options: { changes: boolean; carry?: boolean; takeOver?: boolean }): Promise<Target>;
  /** The target `local`, only to read from it and to call its functions, whatever target the flags name. */
  connectLocal(): Promise<Target>;
  /** Another target of the config (or `local`), only to read from it; undefined where none has this name. */
  connectNamed(name: string): Promise<Target | undefined>;
  /** Files that the config is read from, or would be. */
  configFiles(): string[];
  /** The config is read again, and the local server that this process runs gets it. */
  forgetConfig(): Promise<void>;
  /** State machines of the config's local.machines: name -> file. */
  machineFiles(): Record<string, string>;
  /** Tells which of some files and folders (absolute paths) change. */
  watchFiles(changed: (paths: string[]) => void): WatchedFiles;
  /** Names that commands have shown, for a shell to offer. */
  names: NameCache;
  /** Evaluates JSONata in a process of its own; rejects when the command is told to stop. */
  evaluate: Evaluate;
  /** What a Map's ItemReader reads of a target's bucket. */
  readItems: ReadItems;
  /** Of the target's config, without connecting to one that has none. */
  auditTrail(): Promise<AuditTrail | undefined>;
  /** The local record of who answered what. */
  audit: AuditLog;
  /** Runs the local server in this process, on the local target's data directory. */
  serve(options: ServeOptions): Promise<ServedLocal>;
  /** Whether it could. @throws FlowError 5 where the data directory or a port is taken */
  couldServe(options: Omit<ServeOptions, 'log'>): Promise<void>;
  /** Serves the console in the browser from this process. @throws FlowError 5 where the port is taken */
  serveConsole(options: ConsoleOptions): Promise<ServedConsole>;
  /** A link to the console of this target that another process serves; undefined where none does. */
  linkToConsole(): Promise<ConsoleLink | undefined>;
}

export interface ConsoleOptions {
  /** Default: that of the last one, where it is free; else a free one. 0: a free one. */
  port?: number;
  /** Nothing can be changed from it. */
  readOnly?: boolean;
  /** The local server of this process, whatever target the flags name. */
  here?: boolean;
}

/** Where a console is, and how a person gets in. */
export interface ConsoleLink {
  /** `http://127.0.0.1:8084` */
  address: string;
  /** With the token that opens it, for a terminal only. @param path of the page, `/executions/…` */
  link(path?: string): string;
  /** Opens it in the browser; the token is in no process's arguments. */
  open(path?: string): Promise<void>;
}

export interface ServedConsole extends ConsoleLink {
  stop(): Promise<void>;
}

export interface ServeOptions {
  port?: number;
  s3Port?: number;
  /** Goes without the port for S3 where somebody else has it. */
  s3PortIfFree?: boolean;
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
  /** Delivers streams and queues to functions: true, whatever is known of their services; by default those here. */
  eventSources?: boolean;
  /** Port for a debugger of functions. */
  inspect?: number;
  /** Empties the data directory first. */
  reset?: boolean;
  log: (line: string) => void;
}
export interface ServedLocal {
  endpoint: string;
  /** Where S3 answers too. */
  s3Endpoint?: string;
  dataDir: string;
  /** What is delivered to functions. */
  eventSources: { kind: 'stream' | 'queue'; name: string; endpoint: string }[];
  stop(): Promise<void>;
  /** Rejects when the server can't go on (disk full, …). */
  failed: Promise<never>;
}
