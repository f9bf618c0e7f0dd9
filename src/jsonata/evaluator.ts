import { availableParallelism } from 'node:os';
import { OUT_OF_MEMORY, OUT_OF_TIME, VALUE_BYTES } from '../asl/data/jsonata-limits.mjs';
import type { QueryAnswer } from '../asl/data/jsonata-query.js';
import type { Evaluation } from '../asl/engine/protocol.js';
import { type EvaluatingProcess, startEvaluatingProcess } from './evaluating-process.js';

export interface Evaluator {
  /** One answer for each expression. Never rejects; resolves no more after `stop`. */
  evaluate(evaluation: Evaluation): Promise<QueryAnswer[]>;
  /** Ends the processes, whatever they are at. */
  stop(): Promise<void>;
}

const MOST = Math.max(2, availableParallelism());
/** How often the pool looks at what its processes are at. */
const TICK_MS = 100;
/** An expression that has taken so many ticks makes room for others, and is evaluated again when there are none. */
const TICKS_FOR_OTHERS = 3;
/** A process that is not heard of for so many ticks, a minute, is stuck: its own limit is one second of computing. */
const TICKS_STUCK = 600;
/** Texts of slow expressions that are remembered. */
const MOST_SLOW = 1000;

interface Job {
  evaluation: Evaluation;
  answers: QueryAnswer[];
  /** Of the answers' JSON texts, together. */
  characters: number;
  done(answers: QueryAnswer[]): void;
}
interface Member {
  process: EvaluatingProcess;
  ready: boolean;
  job?: Job;
  ticks: number;
}

/**
 * Evaluates JSONata in a few processes, started when they are needed and kept. Each is at one evaluation; one that
 * goes beyond AWS's limits takes its process with it at most. Expressions known to be slow never take all processes,
 * and leave theirs to others that wait.
 */
export function createEvaluator(): Evaluator {
  const waiting: Job[] = [];
  const members = new Set<Member>();
  const slow = new Set<string>();
  let ticking: NodeJS.Timeout | undefined;
  let stopped = false;

  const textOf = ({ evaluation, answers }: Job): string => evaluation.expressions[answers.length] ?? '';
  const isSlow = (job: Job): boolean => slow.has(textOf(job));

  /** Gives what waits to processes that are free, or starts one. */
  function dispatch(): void {
    while (waiting.length > 0) {
      const free = [...members].filter(({ job }) => !job);
      if (free.length === 0 && members.size >= MOST) break;
      const slowRunning = [...members].filter(({ job }) => job && isSlow(job)).length;
      const at = waiting.findIndex((job) => slowRunning < MOST - 1 || !isSlow(job));
      const job = waiting[at];
      if (!job) break;
      waiting.splice(at, 1);
      give(job, free.find(({ ready }) => ready) ?? free[0] ?? start());
    }
    const busy = [...members].some(({ job }) => job);
    if (!busy) clearInterval(ticking);
    ticking = busy ? (ticking ?? setInterval(tick, TICK_MS)) : undefined;
  }

  function give(job: Job, member: Member): void {
    member.job = job;
    member.ticks = 0;
    if (member.ready) send(member, job);
  }

  function send(member: Member, job: Job): void {
    const message = messageOf(job);
    if (message !== undefined) member.process.send(message);
    else {
      member.job = undefined;
      const failure = 'threw an error during evaluation: What it may look at is nested too deeply';
      job.done(job.evaluation.expressions.map((_, index) => job.answers[index] ?? { failure }));
      dispatch();
    }
  }

  function start(): Member {
    const member: Member = {
      process: startEvaluatingProcess({
        ready() {
          member.ready = true;
          member.ticks = 0;
          if (member.job) send(member, member.job);
        },
        answer(answer, characters) {
          if (member.job) answered(member, member.job, answer, characters);
        },
        lost: (failure) => leave(member, { failure }),
      }),
      ready: false,
      ticks: 0,
    };
    members.add(member);
    return member;
  }

  /** The process is no more; what it had left to do is given to another. */
  function leave(member: Member, answer?: QueryAnswer): void {
    members.delete(member);
    const { job } = member;
    if (job) {
      if (answer) noteSlow(job);
      if (answer) job.answers.push(answer);
      if (!finished(job)) waiting.push(job);
    }
    dispatch();
  }

  function answered(member: Member, job: Job, answer: QueryAnswer, characters: number): void {
    const patient = member.ticks < TICKS_FOR_OTHERS;
    if (patient && slow.size > 0) slow.delete(textOf(job));
    if (!patient) noteSlow(job);
    member.ticks = 0;
    job.characters += characters;
    // What one may hold, all of a state's together may hold: each alone would be kept until the last is there.
    job.answers.push(job.characters > VALUE_BYTES ? { failure: OUT_OF_MEMORY } : answer);
    if (!finished(job)) return;
    member.job = undefined;
    dispatch();
  }

  function finished({ evaluation, answers, done }: Job): boolean {
    if (answers.length < evaluation.expressions.length) return false;
    done(answers);
    return true;
  }

  function noteSlow(job: Job): void {
    if (slow.size >= MOST_SLOW) slow.clear();
    slow.add(textOf(job));
  }

  /** Counts instead of looking at a clock: while this process stands still, no time passes for the others. */
  function tick(): void {
    for (const member of [...members]) {
      const { job } = member;
      if (!job) continue;
      member.ticks++;
      if (member.ticks >= TICKS_STUCK) {
        void member.process.kill();
        leave(member, { failure: OUT_OF_TIME });
      } else if (member.ready && member.ticks >= TICKS_FOR_OTHERS && !isSlow(job)) {
        noteSlow(job);
        if (members.size < MOST || !waiting.some((other) => !isSlow(other))) continue;
        void member.process.kill();
        leave(member);
      }
    }
  }

  return {
    evaluate: (evaluation) =>
      new Promise((done) => {
        if (stopped) return;
        if (evaluation.expressions.length === 0) return done([]);
        waiting.push({ evaluation, answers: [], characters: 0, done });
        dispatch();
      }),
    async stop() {
      stopped = true;
      clearInterval(ticking);
      waiting.length = 0;
      const leaving = [...members].map(({ process }) => process.kill());
      members.clear();
      await Promise.all(leaving);
    },
  };
}

/** What is left of a job; undefined where no text can be made of it. */
function messageOf({ evaluation, answers }: Job): string | undefined {
  try {
    return JSON.stringify({ ...evaluation, expressions: evaluation.expressions.slice(answers.length) });
  } catch {
    return undefined;
  }
}
