import type { Json } from '../../json/json.js';
import type { QueryAnswer } from '../data/jsonata-query.js';
import type { Value } from '../data/value.js';
import type {
  MapState,
  ParallelState,
  State,
  StateMachine,
  TaskState,
  Workflow,
} from '../language/machine.js';
import type { Outcome } from './outcome.js';
import type { Effect, Env, ExecutionSpec, ExecutionStatus, MapRunSpec, Step } from './protocol.js';
import type { Probe } from './test-state-probe.js';

/**
 * An execution in the middle of its life: a tree of frames, and the tasks, timers and map runs that the outside
 * owes an answer. `transition` alone changes it.
 */
export interface Execution {
  readonly spec: ExecutionSpec;
  readonly machine: StateMachine;
  readonly env: Env;
  /** Set where a single state is tried. */
  readonly probe?: Probe;
  status: ExecutionStatus;
  /** JSON text, once SUCCEEDED. */
  output?: string;
  error?: string;
  cause?: string;
  /** Epoch milliseconds. */
  stopDate?: number;
  lastEventId: number;
  redriveCount: number;
  /** Epoch milliseconds of the last redrive. */
  redriveDate?: number;
  /** The sequence of the machine itself; undefined before the start. */
  top?: Frame;
  /** Parsed once, for `$$.Execution.Input`. */
  readonly input: Value;
  randomsDrawn: number;
  timersMade: number;
  readonly tasks: Map<number, OpenTask>;
  readonly timers: Map<number, Timer>;
  readonly mapRuns: Map<number, OpenMapRun>;
  evaluationsMade: number;
  readonly evaluations: Map<number, OpenEvaluation>;
  /** Frames that can go on without the outside, oldest first; nearly always empty between transitions. */
  ready: Frame[];
  /** By the transition that is in the making. */
  workDone: number;
  /** Timer that takes up `ready` again after a transition that grew too long. */
  resumeTimer?: number;
}

/** One sequence of states: the top level, a Parallel's branch, an inline Map's iteration. */
export interface Frame {
  readonly parent?: Branches;
  /** Of the branch or iteration. */
  readonly index: number;
  readonly workflow: Workflow;
  readonly variables: Variables;
  /** The event that the next one names as its predecessor. */
  previous: number;
  /** Of a Map's iteration: it is recorded, its ItemSelector was applied. */
  begun?: boolean;
  /** What the sequence is in; undefined before the first and after the last state. */
  state?: Standing;
  /** Abandoned: whatever still arrives for it is ignored. */
  dead?: boolean;
}

/** A state that was entered and not left yet. */
export interface Standing {
  readonly state: State;
  readonly enteredId: number;
  readonly enteredAt: number;
  readonly input: Value;
  /** Input after InputPath and Parameters. */
  effective: Value;
  retryCount: number;
  /** One count for each retrier: they count separately. */
  retries: number[];
  /** A catcher took the state's failure: what fails from here on is the state's last word. */
  catching?: boolean;
  waiting?: Waiting;
  /** Of a container: the children, or the map run, of its present attempt. A redrive goes on with them. */
  branches?: Branches;
  mapRun?: OpenMapRun;
}

export type Waiting =
  | { for: 'task'; task: OpenTask }
  | { for: 'timer'; timerId: number }
  | { for: 'evaluation' }
  | { for: 'branches'; branches: Branches }
  | { for: 'mapRun'; mapRun: OpenMapRun };

/** The children of a Parallel or an inline Map. */
export interface Branches {
  readonly frame: Frame;
  readonly state: ParallelState | MapState;
  readonly startedId: number;
  readonly results: Value[];
  /** Begun and not succeeded, be they at work or dead. */
  readonly running: Set<Frame>;
  unfinished: number;
  /** Of a Map: items not begun yet, from `next` on. */
  readonly items: Json[];
  next: number;
}

export interface OpenTask {
  readonly taskId: number;
  readonly frame: Frame;
  readonly state: TaskState;
  readonly taskToken?: string;
  readonly heartbeatSeconds?: number;
  readonly timeoutSeconds?: number;
  /** Absent once the integration answered or a worker took the task. */
  invoke?: Extract<Effect, { type: 'InvokeTask' }>;
  timeoutTimer?: number;
  heartbeatTimer?: number;
}

export interface OpenMapRun {
  readonly taskId: number;
  readonly mapRunArn: string;
  readonly frame: Frame;
  readonly state: MapState;
  readonly spec: MapRunSpec;
  redriveCount: number;
}

/** One transition in the making: collects its events and effects, and keeps the execution's books in step. */
export interface Transition extends Step {
  readonly execution: Execution;
  /** Epoch milliseconds of the stimulus. */
  readonly at: number;
  /** The execution ends where it would enter a state. */
  readonly entersNone: boolean;
  /** Length of the texts in its events. */
  textLength: number;
}

/** A state's phase that goes on with `run` once the outside has answered what it asked. */
export interface OpenEvaluation {
  /** Whom the outcome moves on; the state whose queries these are, which may be the one around it. */
  readonly frame: Frame;
  readonly standing: Standing;
  readonly effect: Extract<Effect, { evaluationId: number }>;
  run(step: Transition, answers: QueryAnswer[]): Outcome;
}

export type Timer = { at: number } & (
  | { of: 'execution' }
  | { of: 'resume' }
  | { of: 'wait' | 'retry'; frame: Frame }
  | { of: 'timeout' | 'heartbeat'; task: OpenTask }
);

/** Variables of a workflow; inner ones see those outside of them. */
export interface Variables {
  readonly outer?: Variables;
  own: ReadonlyMap<string, Json>;
}

export function findVariable(variables: Variables | undefined, name: string): Json | undefined {
  for (let at = variables; at; at = at.outer) {
    const value = at.own.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
