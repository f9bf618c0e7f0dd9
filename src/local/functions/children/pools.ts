import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stampOf } from '../../../files/file-stamp.mjs';
import type { FunctionSpec } from '../../options.js';
import type { InvokeResult, LogEvent } from '../../ports.js';
import { createFunctionLog, type FunctionLog, logResult } from '../function-log.js';
import {
  type ChildSettings,
  type ChildSurroundings,
  environment,
  givenTo,
  settingsOf,
} from './child-environment.js';
import { type HandlerFile, handlerFile, handlerPlaces } from './handler-file.js';
import { type Child, startChild } from './process.js';

export interface ChildPoolsOptions extends ChildSurroundings {
  /** For people: a line of a function's output. */
  log: (line: string) => void;
  /** For CloudWatch Logs. */
  writeLog: (group: string, stream: string, events: LogEvent[]) => void;
  /** Epoch milliseconds. */
  now: () => number;
  /** A debugger's port for the first function, the next for the second, …: one child each, and no timeouts. */
  inspect?: number;
}

export interface ChildPools {
  /** Runs a module's export; waits for a free child where all are busy. Never throws. */
  invoke(name: string, spec: FunctionSpec, payload: string, signal?: AbortSignal): Promise<InvokeResult>;
  /** Loads it before it is needed, and says what is wrong with it. */
  check(name: string, spec: FunctionSpec): Promise<void>;
  /** What those that ran were loaded from, or would be, each with its stamp then. */
  files(): Record<string, string>;
  /** Kills all children; resolves when they are gone. */
  stop(): Promise<void>;
}

interface Pool {
  /** Requests that have a place, at most `concurrency`. */
  taken: number;
  /** Requests without one, longest first; each gets its place handed over when it is called. */
  waiting: Set<() => void>;
  busy: Set<Environment>;
  idle: Environment[];
  /** It was there and could be loaded before: what fails to is being written anew. */
  worked: boolean;
  /** Where its module is looked for. */
  places: string[];
  inspect?: number;
}

/** A child with what it has loaded. */
interface Environment {
  child: Child;
  stamp: string;
  /** Its files, as they were when it had loaded them. */
  files: Map<string, string>;
  /** What it was started with. */
  given: string;
  log: FunctionLog;
}

/** A build takes so long to put a module in the place of another one. */
const REBUILT_WITHIN = 10_000;
const LOOK_AGAIN = 200;

/** From the bundle's entry or a chunk of it, else from the source tree. */
const bootstrap = ['./child.mjs', './function-child.mjs']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/** A pool of child processes for each function: one request at a time in each child, idle ones are used again. */
export function createChildPools(options: ChildPoolsOptions): ChildPools {
  const pools = new Map<string, Pool>();
  let stopped = false;

  const poolOf = (name: string): Pool => {
    let pool = pools.get(name);
    if (!pool) {
      const inspect = options.inspect === undefined ? undefined : options.inspect + pools.size;
      pool = { taken: 0, waiting: new Set(), busy: new Set(), idle: [], worked: false, places: [], inspect };
      pools.set(name, pool);
    }
    return pool;
  };

  const start = (
    name: string,
    settings: ChildSettings,
    { file, exportName, stamp }: HandlerFile,
    inspect: number | undefined,
  ): Environment => {
    const files = new Map<string, string>();
    const { memoryMB } = settings;
    const group = `/aws/lambda/${name}`;
    const write = (stream: string, events: LogEvent[]): void => options.writeLog(group, stream, events);
    const log = createFunctionLog({ memoryMB, now: options.now, write });
    const show = (text: string): void => {
      for (const line of text.split('\n')) options.log(`[${name}] ${line}`);
    };
    const child = startChild({
      bootstrap: bootstrap ?? '',
      file,
      exportName,
      functionName: name,
      cwd: options.base,
      env: environment(name, settings, options, log.stream),
      memoryMB,
      inspect,
      loaded(loaded) {
        for (const [path, stamp] of loaded) files.set(path, stamp);
      },
      line(text) {
        show(text);
        log.line(text);
      },
      told(level, text, requestId) {
        show(text);
        log.told(level, text, requestId);
      },
    });
    return { child, stamp, files, given: givenTo(settings, options), log };
  };

  /** An idle child that has loaded the file as it is now; those that have not are done with. */
  const takeIdle = async (
    name: string,
    pool: Pool,
    stamp: string,
    given: string,
  ): Promise<Environment | undefined> => {
    for (let entry = pool.idle.pop(); entry; entry = pool.idle.pop()) {
      const changed =
        entry.stamp === stamp ? [...entry.files].find(([path, then]) => stampOf(path) !== then)?.[0] : '';
      if (changed === undefined && entry.given === given && entry.child.alive()) return entry;
      if (changed) options.log(`[${name}] ${changed} changed: loading it again`);
      const gone = entry.child.kill();
      // The next one listens on the same port.
      if (pool.inspect !== undefined) await gone;
    }
    return undefined;
  };

  /** A module that is being built anew is gone or broken for a moment: that loses no invocation. */
  const settled = async (pool: Pool, base: string, module: string): Promise<HandlerFile | undefined> => {
    const until = performance.now() + (pool.worked ? REBUILT_WITHIN : 0);
    for (;;) {
      const handler = handlerFile(base, module);
      pool.places = handler ? [handler.file] : handlerPlaces(base, module).map(({ file }) => file);
      if (handler || stopped || performance.now() >= until) return handler;
      await sleep(LOOK_AGAIN);
    }
  };

  const run = async (
    pool: Pool,
    name: string,
    settings: ChildSettings,
    payload: string,
  ): Promise<InvokeResult> => {
    const requestId = randomUUID();
    const answer = { statusCode: 200, requestId, executedVersion: '$LATEST' };
    const { module, timeoutMs } = settings;
    const until = performance.now() + REBUILT_WITHIN;
    for (;;) {
      const handler = await settled(pool, options.base, module);
      if (!handler) {
        const failure = { errorType: 'Runtime.ImportModuleError', errorMessage: missing(module), trace: [] };
        return { ...answer, functionError: 'Unhandled', payload: JSON.stringify(failure) };
      }
      const environment =
        (await takeIdle(name, pool, handler.stamp, givenTo(settings, options))) ??
        start(name, settings, handler, pool.inspect);
      const { child, log } = environment;
      pool.busy.add(environment);
      const functionArn = `arn:aws:lambda:${options.region}:${options.account}:function:${name}`;
      log.started(requestId);
      const began = performance.now();
      const outcome = await child.run({ requestId, payload, timeoutMs, functionArn });
      const { payload: result, failed, initMs = 0, unloadable = false } = outcome;
      const durationMs = performance.now() - began - initMs;
      const told = log.ended(requestId, { ...outcome, durationMs });
      pool.busy.delete(environment);
      if (stopped) return givenUp();
      if (unloadable && pool.worked && performance.now() < until) {
        await sleep(LOOK_AGAIN);
        continue;
      }
      pool.worked ||= !unloadable;
      if (child.alive()) pool.idle.push(environment);
      return {
        ...answer,
        payload: result,
        ...(failed && { functionError: 'Unhandled' as const }),
        logResult: logResult(told),
      };
    }
  };

  const missing = (module: string): string => `Error: Cannot find module '${module}' (from ${options.base})`;

  return {
    async invoke(name, spec, payload, signal) {
      const settings = settingsOf(spec);
      const pool = poolOf(name);
      if (pool.taken < (pool.inspect === undefined ? settings.concurrency : 1)) pool.taken++;
      else if (!(await place(pool, signal))) return givenUp();
      try {
        if (stopped || signal?.aborted) return givenUp();
        return await run(pool, name, settings, payload);
      } finally {
        leave(pool);
      }
    },
    async check(name, spec) {
      const settings = settingsOf(spec);
      const pool = poolOf(name);
      const handler = handlerFile(options.base, settings.module);
      if (!handler) return options.log(`[${name}] ${missing(settings.module)}`);
      const environment = start(name, settings, handler, pool.inspect);
      pool.taken++;
      pool.busy.add(environment);
      const failure = await environment.child.failure();
      pool.busy.delete(environment);
      leave(pool);
      if (stopped) return;
      if (!failure) {
        pool.worked = true;
        pool.idle.push(environment);
        return;
      }
      const { errorType = '', errorMessage = '' } = JSON.parse(failure.payload) as Record<string, string>;
      options.log(`[${name}] ${settings.module} cannot be loaded: ${errorType}: ${errorMessage}`);
    },
    files: () =>
      Object.fromEntries(
        [...pools.values()].flatMap(({ places, busy, idle }) => [
          ...places.map((path) => [path, stampOf(path)]),
          ...[...busy, ...idle].flatMap(({ files }) => [...files]),
        ]),
      ),
    async stop() {
      stopped = true;
      const children = [...pools.values()].flatMap(({ busy, idle }) => [...busy, ...idle]);
      await Promise.all(children.map(({ child }) => child.kill()));
    },
  };
}

/** Hands a place over to who has waited longest. */
function leave(pool: Pool): void {
  const [next] = pool.waiting;
  if (next) next();
  else pool.taken--;
}

/** Resolves true when a place was handed over, false when the request was given up before. */
function place(pool: Pool, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const decide = (got: boolean): void => {
      pool.waiting.delete(take);
      signal?.removeEventListener('abort', giveUp);
      resolve(got);
    };
    const take = (): void => decide(true);
    const giveUp = (): void => decide(false);
    pool.waiting.add(take);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) giveUp();
  });
}

/** The server stops, or whoever asked is gone. */
function givenUp(): InvokeResult {
  return {
    statusCode: 500,
    payload: '',
    serviceError: { code: 'ServiceException', message: 'The invocation was given up before it ended' },
    requestId: randomUUID(),
    executedVersion: '$LATEST',
  };
}
