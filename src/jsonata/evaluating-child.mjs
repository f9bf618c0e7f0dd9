// @ts-check
// The process that evaluates JSONata. Its main thread only watches and passes on; the expressions run in a thread
// beside it, so that they can be ended, by ending the process, whatever they are at.
//
// In, on stdin: an Evaluation a line, the next one when the last is answered. Out, on stdout: `"ready"`, then an answer
// a line, one for each expression. An answer with `ends` is the last: the process ends itself.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import {
  cpuMilliseconds,
  EVALUATION_CPU_MS,
  OUT_OF_MEMORY,
  OUT_OF_TIME,
} from '../asl/data/jsonata-limits.mjs';
import { lineReader } from './lines.mjs';

/** @import { Evaluation } from '../asl/engine/protocol.js' */

/** A thread that has loaded JSONata and carries the largest variables; what needs more is ended. */
const HEAP_MB = 160;
/** What V8 does not count as its heap's (and what it takes in one go). */
const RESIDENT_BYTES = 640 * 2 ** 20;
/** JSONata is watched from inside as well: what it does not see is ended a little later. */
const PATIENCE = 1.25;
const LOOK_MS = 20;
/** What the thread says when it has answered all. */
const IDLE = '';

if (isMainThread) watch();
else await evaluate();

async function evaluate() {
  const { evaluateJsonata } = await import('../asl/data/evaluate-jsonata.mjs');
  parentPort?.on('message', async (/** @type {string} */ line) => {
    /** @type {Evaluation} */
    const evaluation = JSON.parse(line);
    await evaluateJsonata(evaluation, (answer) => parentPort?.postMessage(JSON.stringify(answer)));
    parentPort?.postMessage(IDLE);
  });
  // Loading took its time, which is none of the first expression's.
  parentPort?.postMessage('"ready"');
}

function watch() {
  const thread = new Worker(new URL(import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 32 },
  });
  let startedAt = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let looking;

  const look = () => {
    if (cpuMilliseconds() - startedAt > EVALUATION_CPU_MS * PATIENCE) end(OUT_OF_TIME);
    else if (process.memoryUsage.rss() > RESIDENT_BYTES) end(OUT_OF_MEMORY);
  };
  /** @param {string} failure */
  const end = (failure) => {
    clearInterval(looking);
    process.stdout.write(`${JSON.stringify({ failure, ends: true })}\n`, vanish);
  };
  // At once: leaving in order would wait for the thread.
  const vanish = () => process.kill(process.pid, 'SIGKILL');

  thread.on('message', (answer) => {
    if (answer === IDLE) {
      clearInterval(looking);
      return;
    }
    startedAt = cpuMilliseconds();
    process.stdout.write(`${answer}\n`);
  });
  thread.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    const large = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    end(large ? OUT_OF_MEMORY : `threw an error during evaluation: ${error.message}`);
  });
  process.stdin.on(
    'data',
    lineReader((line) => {
      startedAt = cpuMilliseconds();
      looking = setInterval(look, LOOK_MS);
      thread.postMessage(line);
    }),
  );
  // Whoever asked is gone. What a terminal sends is for them to act on.
  process.stdin.on('end', vanish).on('error', vanish);
  process.stdout.on('error', vanish);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
}
