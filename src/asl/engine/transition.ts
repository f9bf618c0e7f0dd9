import { fromText, fromWritten } from '../data/value.js';
import type { StateMachine } from '../language/machine.js';
import { attempt } from './attempt.js';
import type { Execution, Frame, OpenTask, Standing, Timer, Transition } from './execution.js';
import type { Outcome } from './outcome.js';
import type { Effect, Env, ExecutionSpec, Step, Stimulus } from './protocol.js';
import { HistoryFull, inputDetails, record, setTimer } from './recorder.js';
import { redrive } from './redrive.js';
import { endExecution, follow, run } from './run.js';
import { mapRunEffect, mapRunFailed, mapRunSucceeded } from './states/distributed-map.js';
import { wakeUp } from './states/pass-wait-succeed-fail.js';
import { failed, heartbeat, started, submitted, succeeded, timedOut } from './states/task.js';
import type { Probe } from './test-state-probe.js';

export type { Execution } from './execution.js';

/** An EXPRESS execution ends after 5 minutes, whatever its definition allows. */
const EXPRESS_SECONDS = 300;

/** An execution that has not started: its first stimulus is `Start`. `spec.input` must be valid JSON. */
export function createExecution(
  spec: ExecutionSpec,
  machine: StateMachine,
  env: Env,
  probe?: Probe,
): Execution {
  return {
    spec,
    machine,
    env,
    probe,
    status: 'RUNNING',
    lastEventId: 0,
    redriveCount: 0,
    input: spec.inputIsWritten ? fromWritten(spec.input) : fromText(spec.input),
    randomsDrawn: 0,
    timersMade: 0,
    tasks: new Map(),
    timers: new Map(),
    mapRuns: new Map(),
    evaluationsMade: 0,
    evaluations: new Map(),
    ready: [],
    workDone: 0,
  };
}

/**
 * Moves `execution` on (in place) and answers with the history events that AWS would record and what the driver
 * must then do. A stimulus for something that is no longer open, or for an execution that has ended, changes
 * nothing and answers with an empty step.
 */
export function transition(execution: Execution, stimulus: Stimulus): Step {
  const step: Transition = {
    execution,
    at: stimulus.at,
    entersNone: stimulus.machineDeleting ?? false,
    events: [],
    effects: [],
    textLength: 0,
  };
  if (!concerns(execution, stimulus)) return { events: [], effects: [] };
  execution.workDone = 0;
  try {
    apply(step, stimulus);
    run(step);
  } catch (error) {
    if (!(error instanceof HistoryFull)) throw error;
    endExecution(step, 'FAILED', execution.lastEventId, { error: 'States.Runtime', cause: error.message });
  }
  return { events: step.events, effects: step.effects };
}

/** Whether the execution is one that this stimulus can move: a redrive moves only what has ended without success. */
function concerns({ status }: Execution, { type }: Stimulus): boolean {
  return type === 'Redrive' ? status !== 'RUNNING' && status !== 'SUCCEEDED' : status === 'RUNNING';
}

/** Whether an answer for this task (or map run) would still be heard. */
export function isOpen(execution: Execution, taskId: number): boolean {
  return execution.tasks.has(taskId) || execution.mapRuns.has(taskId);
}

export interface OpenTaskInfo {
  taskId: number;
  stateName: string;
  resource: string;
  taskToken?: string;
  /** Its integration answered (or a worker took it), and it waits on. */
  submitted: boolean;
}

/** Tasks that wait for an answer, oldest first. */
export function openTasks(execution: Execution): OpenTaskInfo[] {
  return [...execution.tasks.values()].map(({ taskId, state, taskToken, invoke }) => ({
    taskId,
    stateName: state.name,
    resource: state.resource,
    taskToken,
    submitted: invoke === undefined,
  }));
}

/**
 * What the outside still owes, for a driver that lost its memory: tasks whose integration has not answered yet,
 * timers, evaluations, running map runs. A task that was submitted (or taken by a worker) is not invoked again.
 */
export function pendingEffects(execution: Execution): Effect[] {
  const invokes = [...execution.tasks.values()].flatMap(({ invoke }) => invoke ?? []);
  const timers = [...execution.timers].map(
    ([timerId, { at }]): Effect => ({ type: 'SetTimer', timerId, at }),
  );
  const mapRuns = [...execution.mapRuns.values()].map(mapRunEffect);
  const evaluations = [...execution.evaluations.values()].map(({ effect }) => effect);
  return [...invokes, ...evaluations, ...mapRuns, ...timers];
}

function apply(step: Transition, stimulus: Stimulus): void {
  const { execution } = step;
  switch (stimulus.type) {
    case 'Start':
      start(step);
      return;
    case 'Redrive':
      limitTime(step, stimulus.at);
      redrive(step);
      return;
    case 'Stop':
      endExecution(step, 'ABORTED', 0, { error: stimulus.error, cause: stimulus.cause });
      return;
    case 'TimerFired': {
      const timer = execution.timers.get(stimulus.timerId);
      if (timer) fire(step, stimulus.timerId, timer);
      return;
    }
    case 'Evaluated':
      evaluated(step, stimulus);
      return;
    case 'MapRunSucceeded':
    case 'MapRunFailed': {
      const mapRun = execution.mapRuns.get(stimulus.taskId);
      if (!mapRun) return;
      resolve(step, mapRun.frame, (standing) =>
        stimulus.type === 'MapRunSucceeded'
          ? mapRunSucceeded(step, mapRun, standing, stimulus.output)
          : mapRunFailed(step, mapRun, standing, stimulus.error, stimulus.cause),
      );
      return;
    }
  }
  const task = execution.tasks.get(stimulus.taskId);
  if (task) answer(step, task, stimulus);
}

function evaluated(
  step: Transition,
  { evaluationId, answers }: Extract<Stimulus, { type: 'Evaluated' }>,
): void {
  const { evaluations } = step.execution;
  const open = evaluations.get(evaluationId);
  evaluations.delete(evaluationId);
  if (!open) return;
  const { frame, standing } = open;
  follow(
    step,
    frame,
    attempt(step, frame, standing, () => open.run(step, answers)),
  );
}

type TaskStimulus = Extract<Stimulus, { type: `Task${string}` }>;

function answer(step: Transition, task: OpenTask, stimulus: TaskStimulus): void {
  switch (stimulus.type) {
    case 'TaskStarted':
      if (task.state.integration.kind === 'activity' && task.invoke) started(step, task, stimulus.workerName);
      return;
    case 'TaskHeartbeat':
      heartbeat(step, task);
      return;
    case 'TaskSubmitted':
      resolve(step, task.frame, () => submitted(step, task, stimulus.output));
      return;
    case 'TaskSucceeded':
      resolve(step, task.frame, (standing) => succeeded(step, task, standing, stimulus.output));
      return;
    case 'TaskFailed':
      resolve(step, task.frame, () => failed(step, task, stimulus.error, stimulus.cause));
      return;
  }
}

function start(step: Transition): void {
  const { execution } = step;
  if (execution.lastEventId > 0) return;
  const { spec, machine } = execution;
  const { stateMachineAliasArn, stateMachineVersionArn } = spec;
  const plain = { ...inputDetails(execution.input), roleArn: spec.roleArn };
  const details =
    stateMachineVersionArn === undefined && stateMachineAliasArn === undefined
      ? plain
      : { ...plain, stateMachineAliasArn, stateMachineVersionArn };
  record(step, 'ExecutionStarted', 0, ['executionStartedEventDetails', details]);
  limitTime(step, spec.startDate);
  const own = new Map(Object.entries(execution.probe?.variables ?? {}));
  execution.top = { index: 0, workflow: machine, variables: { own }, previous: 0 };
  execution.ready.push(execution.top);
}

/** The time that the whole execution may take, from `since` on. */
function limitTime(step: Transition, since: number): void {
  const { spec, machine } = step.execution;
  const limit = spec.type === 'EXPRESS' ? EXPRESS_SECONDS : Number.POSITIVE_INFINITY;
  const seconds = Math.min(machine.timeoutSeconds ?? limit, limit);
  if (Number.isFinite(seconds)) setTimer(step, { of: 'execution', at: since + seconds * 1000 });
}

function fire(step: Transition, timerId: number, timer: Timer): void {
  const { execution } = step;
  execution.timers.delete(timerId);
  switch (timer.of) {
    case 'execution':
      endExecution(step, 'TIMED_OUT', 0, { error: 'States.Timeout', at: timer.at });
      return;
    case 'resume':
      execution.resumeTimer = undefined;
      return;
    case 'wait':
      resolve(step, timer.frame, (standing) => wakeUp(step, timer.frame, standing));
      return;
    case 'retry':
      if (!timer.frame.state) return;
      Object.assign(timer.frame.state, { branches: undefined, mapRun: undefined });
      timer.frame.state.retryCount++;
      execution.ready.push(timer.frame);
      return;
    case 'timeout':
    case 'heartbeat':
      timeOut(step, timer);
      return;
  }
}

/** Tasks whose time is up at the same moment all say so, before the first of them is the end of the others. */
function timeOut(step: Transition, first: TaskTimer): void {
  const due = [first, ...[...step.execution.timers.values()].filter((timer) => isDue(timer, first.at))];
  const tasks = new Map(due.map((timer) => [timer.task, timer.of === 'heartbeat']));
  const outcomes = [...tasks].map(([task, heartbeat]) => ({
    task,
    outcome: timedOut(step, task, heartbeat),
  }));
  for (const { task, outcome } of outcomes) if (!task.frame.dead) resolve(step, task.frame, () => outcome);
}

type TaskTimer = Extract<Timer, { task: OpenTask }>;
const isDue = (timer: Timer, at: number): timer is TaskTimer => 'task' in timer && timer.at <= at;

/** What an answer from outside makes of the state that waited for it. */
function resolve(step: Transition, frame: Frame, outcome: (standing: Standing) => Outcome): void {
  const standing = frame.state;
  if (standing)
    follow(
      step,
      frame,
      attempt(step, frame, standing, () => outcome(standing)),
    );
}
