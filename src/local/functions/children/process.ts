import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { parsedJson } from '../../../json/json.js';
import { lineSplitter, messageOf } from './frames.mjs';
import { isTypeScript } from './typescript.mjs';

export interface ChildOptions {
  /** The script that runs in the child: child.mjs, or its bundled form. */
  bootstrap: string;
  file: string;
  exportName: string;
  functionName: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  memoryMB: number;
  /** A line of the function's output that did not come through its console. */
  line: (text: string) => void;
  /** What its console was told; outside of a request (while it loads) there is no id. */
  told: (level: string, text: string, requestId: string | undefined) => void;
  /** Files that it was loaded from, of the function's own. */
  /** Paths, each with its stamp. */
  loaded: (files: [path: string, stamp: string][]) => void;
  /** A debugger may attach to this port; it takes its time. */
  inspect?: number;
}

export interface ChildRequest {
  requestId: string;
  /** JSON text. */
  payload: string;
  timeoutMs: number;
  functionArn: string;
}

export interface ChildAnswer {
  /** JSON text: the function's result, or `{errorType, errorMessage, …}` when `failed`. */
  payload: string;
  failed: boolean;
  /** What the process has in memory. */
  memoryBytes?: number;
  /** Of the first request: how long it waited for the module to be loaded. */
  initMs?: number;
  /** The module could not be loaded: no request has come to it. */
  unloadable?: boolean;
}

export interface Child {
  /** How loading the module failed; undefined once it is loaded. */
  failure(): Promise<ChildAnswer | undefined>;
  /** One at a time. Never rejects: the child's end, whatever caused it, is an answer. */
  run(request: ChildRequest): Promise<ChildAnswer>;
  alive(): boolean;
  /** Ends it with all that it started; resolves when it is gone. */
  kill(): Promise<void>;
}

/** `last`: the child ends after this answer. */
type Message =
  | { type: 'ready' }
  | { type: 'told'; level: string; text: string }
  | { type: 'loaded'; files: [path: string, stamp: string][] }
  | ({ type: 'answer'; last?: boolean; requestId?: string } & ChildAnswer);

/** CloudWatch Logs takes no longer event; a function that writes without a newline is cut here. */
const longestLine = 256 << 10;

/** The descriptor of the channel in the child. */
const CHANNEL = 3;

/** Lambda allows this much for loading the module, beside the function's own timeout. */
const longestInitMs = 10_000;
/** An app that is compiled while it is loaded takes longer, and holds its compiler. */
const longestCompilingMs = 120_000;
const compilerMB = 512;
/** While someone debugs, nothing ends by itself: the longest time of a timer. */
const noTimeout = 2 ** 31 - 1;

const exitOf = (reason: string): ChildAnswer => ({
  payload: JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: reason }),
  failed: true,
  unloadable: true,
});

const signals: Partial<Record<NodeJS.Signals, string>> = {
  // Node aborts when its heap is full, where Lambda's sandbox kills.
  SIGABRT: 'killed',
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGSEGV: 'segmentation fault',
};

export function startChild(options: ChildOptions): Child {
  const { bootstrap, file, exportName, functionName, memoryMB, inspect } = options;
  const compiles = isTypeScript(file);
  // In a process group of its own: a Ctrl-C in the terminal is the server's, and the group is killed as one.
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${memoryMB + (compiles ? compilerMB : 0)}`,
      ...(inspect === undefined ? [] : [`--inspect=127.0.0.1:${inspect}`]),
      bootstrap,
      file,
      exportName,
      functionName,
    ],
    { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  for (const stream of [child.stdout, child.stderr]) if (stream) readLines(stream, options.line, longestLine);
  // A pipe of ours and not node's own channel, whose other end would be believed whatever comes from it.
  const channel = child.stdio[CHANNEL] as (Readable & Writable) | null | undefined;
  channel?.on('error', () => {});

  let ready = false;
  let alive = true;
  let current:
    | { request: ChildRequest; since: number; initMs?: number; settle: (answer: ChildAnswer) => void }
    | undefined;
  let timer: NodeJS.Timeout | undefined;

  let settleLoading: (failure: ChildAnswer | undefined) => void = () => {};
  const loading = new Promise<ChildAnswer | undefined>((resolve) => {
    settleLoading = resolve;
  });
  const settle = (answer: ChildAnswer): void => {
    clearTimeout(timer);
    current?.settle({ ...answer, initMs: current.initMs });
    current = undefined;
  };
  const sandboxError = (errorType: string, message: string): void => {
    const errorMessage = `RequestId: ${current?.request.requestId} Error: ${message}`;
    settle({ payload: JSON.stringify({ errorType, errorMessage }), failed: true });
  };
  const killGroup = (): void => {
    alive = false;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  const arm = (milliseconds: number): void => {
    clearTimeout(timer);
    if (inspect !== undefined) return;
    timer = setTimeout(() => {
      const seconds = ((current?.request.timeoutMs ?? 0) / 1000).toFixed(2);
      killGroup();
      sandboxError('Sandbox.Timedout', `Task timed out after ${seconds} seconds`);
    }, milliseconds);
  };

  const received = (line: string): void => {
    const message = asMessage(messageOf(line));
    if (!message) return;
    switch (message.type) {
      case 'told':
        options.told(message.level, message.text, current?.request.requestId);
        break;
      case 'loaded':
        options.loaded(message.files);
        break;
      case 'answer':
        if (message.last && !ready) {
          message.unloadable = true;
          settleLoading(message);
        }
        // The end of the child is that of any request; all else is meant for the one that it names.
        if (!message.last && message.requestId !== current?.request.requestId) break;
        if (message.last) alive = false;
        settle(message);
        break;
      case 'ready':
        ready = true;
        settleLoading(undefined);
        if (!current) break;
        current.initMs = performance.now() - current.since;
        arm(current.request.timeoutMs);
    }
  };
  if (channel) readLines(channel, received);
  const gone = new Promise<void>((resolve) => {
    const ended = (reason: string): void => {
      killGroup();
      settleLoading(exitOf(reason));
      sandboxError('Runtime.ExitError', reason);
      resolve();
    };
    child.once('error', (error) => ended(`Runtime could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      alive = false;
      const reason =
        code === 0
          ? 'Runtime exited without providing a reason'
          : `Runtime exited with error: ${signal ? `signal: ${signals[signal] ?? signal}` : `exit status ${code}`}`;
      // Its last message may still be on the way.
      if (channel && !channel.readableEnded && !channel.destroyed) channel.once('close', () => ended(reason));
      else ended(reason);
      // A process that it left behind may hold the channel.
      setTimeout(() => channel?.destroy(), afterwardsMs).unref();
    });
  });

  return {
    failure: () => loading,
    run(request) {
      if (inspect !== undefined) request = { ...request, timeoutMs: noTimeout };
      return new Promise((resolve) => {
        current = { request, since: performance.now(), settle: resolve };
        arm(ready ? request.timeoutMs : (compiles ? longestCompilingMs : longestInitMs) + request.timeoutMs);
        // When it can't be sent the child is gone, and its end answers.
        channel?.write(`${JSON.stringify(request)}\n`);
      });
    },
    alive: () => alive && channel?.writable === true,
    kill() {
      killGroup();
      return gone;
    },
  };
}

/** What is left in the pipes of a child that has ended is read for so long. */
const afterwardsMs = 1_000;

function readLines(stream: Readable, online: (line: string) => void, most?: number): void {
  const lines = lineSplitter(online, most);
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => lines.push(text));
  stream.on('end', () => lines.end());
}

/** The function shares its process with what sends messages: any other shape is none of ours. */
function asMessage(value: Record<string, unknown> | undefined): Message | undefined {
  if (value?.type === 'ready') return { type: 'ready' };
  if (value?.type === 'told' && typeof value.level === 'string' && typeof value.text === 'string')
    return { type: 'told', level: value.level, text: value.text };
  if (value?.type === 'loaded' && Array.isArray(value.files))
    return { type: 'loaded', files: value.files.map(([path, stamp]) => [String(path), String(stamp)]) };
  if (
    value?.type !== 'answer' ||
    typeof value.payload !== 'string' ||
    parsedJson(value.payload) === undefined
  )
    return undefined;
  const { payload, failed, last, memoryBytes, requestId } = value;
  return {
    type: 'answer',
    payload,
    failed: failed === true,
    last: last === true,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    memoryBytes: typeof memoryBytes === 'number' ? memoryBytes : undefined,
  };
}
