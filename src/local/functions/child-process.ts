import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';

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
}

export interface Child {
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
  | ({ type: 'answer'; last?: boolean } & ChildAnswer);

/** Lambda allows this much for loading the module, beside the function's own timeout. */
const longestInitMs = 10_000;

const signals: Partial<Record<NodeJS.Signals, string>> = {
  // Node aborts when its heap is full, where Lambda's sandbox kills.
  SIGABRT: 'killed',
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGSEGV: 'segmentation fault',
};

export function startChild(options: ChildOptions): Child {
  const { bootstrap, file, exportName, functionName, memoryMB } = options;
  // In a process group of its own: a Ctrl-C in the terminal is the server's, and the group is killed as one.
  const child = fork(bootstrap, [file, exportName, functionName], {
    cwd: options.cwd,
    env: options.env,
    execArgv: [`--max-old-space-size=${memoryMB}`],
    serialization: 'advanced',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', options.line);
  }

  let ready = false;
  let alive = true;
  let current:
    | { request: ChildRequest; since: number; initMs?: number; settle: (answer: ChildAnswer) => void }
    | undefined;
  let timer: NodeJS.Timeout | undefined;

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
    timer = setTimeout(() => {
      const seconds = ((current?.request.timeoutMs ?? 0) / 1000).toFixed(2);
      killGroup();
      sandboxError('Sandbox.Timedout', `Task timed out after ${seconds} seconds`);
    }, milliseconds);
  };

  child.on('message', (message: Message) => {
    if (message.type === 'told') return options.told(message.level, message.text, current?.request.requestId);
    if (message.type === 'answer') {
      if (message.last) alive = false;
      return settle(message);
    }
    ready = true;
    if (!current) return;
    current.initMs = performance.now() - current.since;
    arm(current.request.timeoutMs);
  });
  const gone = new Promise<void>((resolve) => {
    const ended = (reason: string): void => {
      killGroup();
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
      if (child.connected) child.once('disconnect', () => ended(reason));
      else ended(reason);
    });
  });

  return {
    run(request) {
      return new Promise((resolve) => {
        current = { request, since: performance.now(), settle: resolve };
        arm(ready ? request.timeoutMs : longestInitMs + request.timeoutMs);
        // When it can't be sent the child is gone, and its end answers.
        child.send(request, () => {});
      });
    },
    alive: () => alive && child.connected,
    kill() {
      killGroup();
      return gone;
    },
  };
}
