import { type RunningVersion, stuckChains } from '../../framework/command/version-chain.js';
import { jsonText } from '../../json/lossless.js';
import type { ExecutionSummary } from '../../ports/aws.js';
import { askedOf } from '../../workflow/answer/sent-payload.js';
import { readPauses } from '../../workflow/definition/pauses.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { machineName, machineOfExecution } from '../../workflow/names/arn.js';
import type { KnownMachines } from '../find/known-executions.js';
import type { PausedSearch } from '../pending/paused-search.js';
import {
  type Candidate,
  readAll,
  type ScannedExecution,
  type ScannedMachine,
} from '../pending/read-executions.js';
import type { PausedTask } from '../pending/read-paused.js';
import { stillAsleep } from '../pending/sleeping-executions.js';
import { shortReason } from '../pending/stuck-commands.js';
import type { DeskStep } from './snapshot.js';

interface Around {
  states: PausedSearch['states'];
  /** What is learned, now and by other commands. */
  known: KnownMachines;
  now(): number;
  /** The time where the executions are. Without it nothing is taken as asleep. */
  serverNow?(): Promise<number>;
  signal: AbortSignal;
}

/** What waits, read one execution at a time. It holds no token: those that are read are dropped at once. */
export interface PausedList {
  /** A machine's definition is known by now. */
  knows(stateMachineArn: string): boolean;
  define(stateMachineArn: string): Promise<void>;
  /** A machine of which some step waits. */
  pauses(stateMachineArn: string): boolean;
  /** All that runs of a machine. */
  setRunning(stateMachineArn: string, running: ExecutionSummary[]): void;
  /** What is known of those: one that sleeps in a Wait is not read before it ends. */
  recall(stateMachineArn: string): Promise<void>;
  /** The execution whose reading is due; `often`: somebody looks at the list. */
  due(often: boolean): ExecutionSummary | undefined;
  read(execution: ExecutionSummary): Promise<void>;
  /** It has changed: what was known of it is not any more. */
  touch(executionArn: string): void;
  /** It took a step: it is read again soon. */
  stepped(executionArn: string): void;
  /** Some child of its map runs took a step: those of its executions that run are read again, but not all the time. */
  steppedInside(stateMachineArn: string): void;
  /** It runs no more. */
  ended(executionArn: string): void;
  /** Oldest first; the same array while nothing changed. */
  rows(): readonly DeskStep[];
  /** How many executions run in machines that wait, and how many of them were read. */
  progress(): { running: number; read: number };
}

/** Milliseconds after which an execution is read again. */
const AGAIN = { often: 15_000, seldom: 60_000 };
/** The same where children of its map runs took steps, at least; such a reading takes a fifth of the time at most. */
const INSIDE = 300;
const REST_OF_READING = 4;
/** Between two questions by which definition executions sleep: AWS answers one a second. */
const ASKED_AGAIN = 300_000;

export function createPausedList(around: Around): PausedList {
  const definitions = new Map<string, ScannedMachine>();
  const running = new Map<string, Map<string, ExecutionSummary>>();
  const readAt = new Map<string, number>();
  /** Those whose steps are known: one that is being read is not among them. */
  const known = new Set<string>();
  /** Whose children took a step since; and how long the last reading took. */
  const inside = new Set<string>();
  const took = new Map<string, number>();
  /** Until when those sleep, by the server's clock, which is so far ahead of ours. */
  const asleep = new Map<string, number>();
  let ahead = 0;
  /** When it was asked by which definition the executions of a machine sleep. */
  const askedAt = new Map<string, number>();
  const sleeps = (executionArn: string): boolean =>
    (asleep.get(executionArn) ?? Number.NEGATIVE_INFINITY) > around.now() + ahead;
  const isKnown = (executionArn: string): boolean => known.has(executionArn) || sleeps(executionArn);
  const found = new Map<string, DeskStep[]>();
  /** Versions of commands that run, by the execution that was read. */
  const versions = new Map<string, RunningVersion<string>[]>();
  let rows: DeskStep[] | undefined;
  const noteVersions = (executionArn: string, running: RunningVersion<string>[]): void => {
    if (JSON.stringify(running) === JSON.stringify(versions.get(executionArn) ?? [])) return;
    if (running.length > 0) versions.set(executionArn, running);
    else versions.delete(executionArn);
    rows = undefined;
  };
  /** What waits in vain, once all that runs was read: until then, what is missing may be what wakes it. */
  const stuck = (): Map<string, string> => {
    for (const { executionArn } of all()) if (!isKnown(executionArn)) return new Map();
    return new Map(
      stuckChains([...versions.values()].flat()).flatMap((chain) =>
        chain.versions.map(({ of }) => [of, shortReason(chain)] as const),
      ),
    );
  };
  const withStuck = (steps: DeskStep[]): DeskStep[] => {
    const reasons = versions.size === 0 ? new Map<string, string>() : stuck();
    return steps.map((step) => {
      const reason = reasons.get(step.execution.executionArn);
      return reason === undefined ? step : { ...step, stuck: { reason } };
    });
  };
  const forget = (executionArn: string): void => {
    readAt.delete(executionArn);
    inside.delete(executionArn);
    took.delete(executionArn);
    asleep.delete(executionArn);
    known.delete(executionArn);
    const waited = versions.delete(executionArn);
    if (found.delete(executionArn) || waited) rows = undefined;
  };
  const isRunning = (executionArn: string): boolean =>
    [...running.values()].some((executions) => executions.has(executionArn));
  const all = function* () {
    for (const executions of running.values()) yield* executions.values();
  };
  return {
    knows: (arn) => definitions.has(arn),
    async define(stateMachineArn) {
      const description = await around.states.describeStateMachine(stateMachineArn);
      const known = await around.known.of(stateMachineArn);
      const pauses = readPauses(description.definition);
      definitions.set(stateMachineArn, { stateMachineArn, pauses, known, description });
    },
    pauses(arn) {
      const { pauses, known } = definitions.get(arn) ?? {};
      // Executions that run may be of an older definition, which had a wait.
      return pauses?.here || pauses?.inMapRuns || known?.pauses() || false;
    },
    setRunning(stateMachineArn, executions) {
      const now = new Map(executions.map((execution) => [execution.executionArn, execution]));
      for (const arn of running.get(stateMachineArn)?.keys() ?? []) if (!now.has(arn)) forget(arn);
      running.set(stateMachineArn, now);
      if (versions.size > 0) rows = undefined;
    },
    async recall(stateMachineArn) {
      const { states, serverNow, now } = around;
      const machine = definitions.get(stateMachineArn);
      if (!machine || !serverNow) return;
      await machine.known.reload();
      ahead = (await serverNow()) - now();
      const asks = now() - (askedAt.get(stateMachineArn) ?? Number.NEGATIVE_INFINITY) >= ASKED_AGAIN;
      if (asks) askedAt.set(stateMachineArn, now());
      const candidates: Candidate[] = [];
      for (const execution of running.get(stateMachineArn)?.values() ?? [])
        if (asks || machine.known.steps(execution)?.asleep?.by === undefined)
          candidates.push({ execution, machine });
      for (const { execution } of await stillAsleep(states, candidates, async () => now() + ahead))
        asleep.set(execution.executionArn, machine.known.steps(execution)?.asleep?.until ?? 0);
    },
    due(often) {
      const now = around.now();
      const again = often ? AGAIN.often : AGAIN.seldom;
      const soon = (arn: string): number => Math.max(INSIDE, REST_OF_READING * (took.get(arn) ?? 0));
      let first: ExecutionSummary | undefined;
      let oldest = now - again;
      for (const execution of all()) {
        const { executionArn } = execution;
        if (sleeps(executionArn)) continue;
        const at = readAt.get(executionArn) ?? Number.NEGATIVE_INFINITY;
        // As if it had been read so long ago as others are when their turn comes.
        const counts = inside.has(executionArn) ? at - Math.max(0, again - soon(executionArn)) : at;
        if (counts < oldest) [first, oldest] = [execution, counts];
      }
      return first;
    },
    async read(execution) {
      const { executionArn, stateMachineArn } = execution;
      if (!known.has(executionArn) && versions.size > 0) rows = undefined;
      const begun = around.now();
      readAt.set(executionArn, begun);
      inside.delete(executionArn);
      const machine = definitions.get(stateMachineArn);
      if (!machine) return;
      const search = { ...around, deep: true, onProgress() {} };
      const { tasks, read } = await readAll(search, [{ execution, machine }]);
      // It ended meanwhile: what were noted of it now, nobody would forget.
      if (!isRunning(executionArn)) return forget(executionArn);
      took.set(executionArn, around.now() - begun);
      // What was touched meanwhile is read once more.
      if (readAt.has(executionArn)) known.add(executionArn);
      const steps = tasks.map(stepOf);
      noteVersions(executionArn, versionsIn(read));
      if (JSON.stringify(steps) === JSON.stringify(found.get(executionArn) ?? [])) return;
      if (steps.length > 0) found.set(executionArn, steps);
      else found.delete(executionArn);
      rows = undefined;
    },
    touch: forget,
    stepped(executionArn) {
      readAt.delete(executionArn);
      asleep.delete(executionArn);
    },
    steppedInside(stateMachineArn) {
      if (!definitions.get(stateMachineArn)?.pauses.inMapRuns) return;
      for (const executionArn of running.get(stateMachineArn)?.keys() ?? []) inside.add(executionArn);
    },
    ended(executionArn) {
      for (const executions of running.values()) executions.delete(executionArn);
      forget(executionArn);
    },
    rows() {
      rows ??= withStuck([...found.values()].flat().sort((a, b) => a.since - b.since));
      return rows;
    },
    progress() {
      const executions = [...all()];
      const read = executions.filter(({ executionArn }) => isKnown(executionArn)).length;
      return { running: executions.length, read };
    },
  };
}

const versionsIn = (read: readonly ScannedExecution[]): RunningVersion<string>[] =>
  read.flatMap(({ execution, command, tasks, running }) => {
    const waits = tasks.some(({ kind }) => kind === 'token');
    return command && running ? [{ command, waits, of: execution.executionArn }] : [];
  });

function stepOf(task: PausedTask): DeskStep {
  const { execution, stateName, iteration, since, timeoutAt, heartbeatAt, requestId, kind, resource } = task;
  const asked = askedOf(task);
  return {
    key: `${execution.executionArn} ${task.scheduledId}`,
    requestId,
    execution,
    machine: machineName(machineOfExecution(execution.executionArn)),
    stateName,
    iteration,
    since,
    timeoutAt,
    heartbeatAt,
    asked: asked === null ? undefined : jsonText(asked),
    input: task.input === undefined ? undefined : redactTokens(task.input),
    waitsOn: resource,
    answerable: kind === 'token',
  };
}
