import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { OUT_OF_MEMORY } from '../asl/data/jsonata-limits.mjs';
import type { QueryAnswer } from '../asl/data/jsonata-query.js';
import { lineReader } from './lines.mjs';

/** From the bundle's entry or a chunk of it, else from the source tree. */
const childFile = fileURLToPath(new URL('./evaluating-child.mjs', import.meta.url));

export interface EvaluatingProcess {
  /** @param message an Evaluation as JSON text. One at a time. */
  send(message: string): void;
  /** Ends it at once; nothing more is heard of it. */
  kill(): Promise<void>;
}

export interface Listener {
  /** It takes evaluations from now on. */
  ready(): void;
  /** @param characters of its JSON text */
  answer(answer: QueryAnswer, characters: number): void;
  /** It has ended, not by `kill`; the expression that it was at has failed so. */
  lost(failure: string): void;
}

/** Starts a process that evaluates. It ends with this one, and does not keep it alive while it has nothing to do. */
export function startEvaluatingProcess(listener: Listener): EvaluatingProcess {
  const child = spawn(process.execPath, [childFile ?? ''], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Nothing of what this process was given: an expression has no use for credentials. Windows starts none without.
    env: process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot },
    windowsHide: true,
  });
  let failure = OUT_OF_MEMORY;
  let over = false;
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
      if (!over) listener.lost(failure);
      over = true;
    });
  });
  child.on('error', ({ message }) => {
    failure = `threw an error during evaluation: No process to evaluate it could be started: ${message}`;
  });
  child.stdin.on('error', () => {});
  // Who waits for an answer keeps this process alive, not the child.
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as Socket).unref();
  child.stdout.on(
    'data',
    lineReader((line) => {
      if (over) return;
      const told = JSON.parse(line) as 'ready' | (QueryAnswer & { ends?: true });
      if (told === 'ready') listener.ready();
      else if (told.ends && 'failure' in told) failure = told.failure;
      else listener.answer(told, line.length);
    }),
  );
  return {
    send: (message) => void child.stdin.write(`${message}\n`),
    kill() {
      over = true;
      // Who waits for its end waits for this alone.
      child.ref();
      child.kill('SIGKILL');
      return gone;
    },
  };
}
