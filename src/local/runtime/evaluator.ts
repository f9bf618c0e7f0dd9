import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Evaluation } from '../../asl/execution.js';
import { OUT_OF_MEMORY, OUT_OF_TIME, type QueryAnswer } from '../../asl/query.js';

export interface Evaluator {
  /** One answer for each expression. Never rejects. */
  evaluate(evaluation: Evaluation): Promise<QueryAnswer[]>;
  stop(): Promise<void>;
}

/** From the bundle's entry or a chunk of it, else from the source tree. */
const workerFile = ['./jsonata-worker.mjs', './jsonata-worker.js', '../jsonata-worker.js']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/** JSONata looks at its own clock; the worker is killed for what it does not see, a little later. */
const PATIENCE_MS = 1500;
/** A thread that has loaded JSONata and carries the largest variables; an expression that needs more is ended. */
const MEMORY_MB = 96;

interface Job {
  evaluation: Evaluation;
  answers: QueryAnswer[];
  done(answers: QueryAnswer[]): void;
}

/**
 * Evaluates JSONata in a thread of its own, which is started when it is first needed. An expression that hangs in a
 * regular expression or eats the memory takes the thread with it, never the server: it has failed, and whatever was
 * behind it goes on in a new thread.
 */
export function createEvaluator(): Evaluator {
  const jobs: Job[] = [];
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Gives the thread the first job, or what an earlier thread has left of it. */
  function ask(): void {
    const [job] = jobs;
    if (!job) {
      worker?.unref();
      return;
    }
    const { evaluation, answers } = job;
    const started = worker !== undefined;
    worker ??= start();
    worker.ref();
    worker.postMessage({ ...evaluation, expressions: evaluation.expressions.slice(answers.length) });
    if (started) waitForAnswer();
  }

  function waitForAnswer(): void {
    clearTimeout(timer);
    timer = setTimeout(() => replaceWorker(OUT_OF_TIME), PATIENCE_MS);
  }

  function answered(answer: QueryAnswer): boolean {
    const [job] = jobs;
    if (!job) return false;
    job.answers.push(answer);
    if (job.answers.length < job.evaluation.expressions.length) return false;
    clearTimeout(timer);
    jobs.shift();
    job.done(job.answers);
    return true;
  }

  function start(): Worker {
    const started = new Worker(workerFile ?? '', { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    started.on('message', (answer: QueryAnswer | 'ready') => {
      if (started !== worker) return;
      if (answer !== 'ready' && answered(answer)) ask();
      else waitForAnswer();
    });
    started.on('error', (error: NodeJS.ErrnoException) => {
      if (started !== worker) return;
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      replaceWorker(memory ? OUT_OF_MEMORY : `threw an error during evaluation: ${error.message}`);
    });
    return started;
  }

  /** The thread is lost; the expression that it was at has failed. */
  function replaceWorker(failure: string): void {
    void worker?.terminate();
    worker = undefined;
    answered({ failure });
    ask();
  }

  return {
    evaluate: (evaluation) =>
      new Promise((done) => {
        jobs.push({ evaluation, answers: [], done });
        if (jobs.length === 1) ask();
      }),
    async stop() {
      clearTimeout(timer);
      jobs.length = 0;
      await worker?.terminate();
      worker = undefined;
    },
  };
}
