import type { Json, JsonObject } from '../../json/json.js';
import type { QueryAnswer } from '../data/jsonata-query.js';
import type { Value } from '../data/value.js';
import type { HistoryEvent } from './history-event.js';

/**
 * The interpreter's border. An execution is moved by stimuli only; each transition answers with the history
 * events that AWS would record and the effects that the driver must perform after those events are committed.
 * No clock, no randomness and no I/O inside: whatever comes from outside is in the stimulus or in `Env`.
 *
 * Because transitions are deterministic, replaying the recorded stimuli of an execution rebuilds it exactly,
 * and `pendingEffects` then says what has to be performed (again) after a crash.
 */

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What is fixed when an execution starts. */
export interface ExecutionSpec {
  executionArn: string;
  name: string;
  roleArn: string;
  stateMachineArn: string;
  stateMachineName: string;
  type: 'STANDARD' | 'EXPRESS';
  /** Epoch milliseconds. */
  startDate: number;
  /** JSON text. */
  input: string;
  /** It is as `jsonText` writes it. */
  inputIsWritten?: boolean;
  /** It was started through these. */
  stateMachineVersionArn?: string;
  stateMachineAliasArn?: string;
  /** Its caller waits for its end: it can never be redriven. */
  synchronous?: boolean;
}

/** Deterministic helpers: the same execution and the same arguments give the same answers at each replay. */
export interface Env {
  /** The task token of the task that was scheduled by event `taskId` (unique in the execution). */
  taskToken(taskId: number): string;
  /** ARN of the map run whose MapRunStarted event is `taskId`: each retry of the state is a new one. */
  mapRunArn(taskId: number, label: string | undefined): string;
  /** The n-th random number of the execution, in [0, 1). */
  random(n: number): number;
  /** Is told which clause of a state was taken, for who watches; `default` of a Choice. */
  took?(stateName: string, clause: 'rule' | 'default' | 'retry' | 'catch', index: number): void;
}

export type Stimulus = {
  at: number;
  /** The machine is being deleted: the execution enters no further state. */
  machineDeleting?: true;
} & (
  | { type: 'Start' }
  /** The task's integration answered, but the task waits on (`.waitForTaskToken`, `.sync`). `output` is JSON text. */
  | { type: 'TaskSubmitted'; taskId: number; output: string }
  /** An activity worker took the task. */
  | { type: 'TaskStarted'; taskId: number; workerName?: string }
  /** `output` is JSON text. */
  | { type: 'TaskSucceeded'; taskId: number; output: string }
  | { type: 'TaskFailed'; taskId: number; error?: string; cause?: string }
  | { type: 'TaskHeartbeat'; taskId: number }
  | { type: 'TimerFired'; timerId: number }
  | { type: 'MapRunSucceeded'; taskId: number; output: string }
  | { type: 'MapRunFailed'; taskId: number; error: string; cause?: string }
  /** One answer for each expression of the evaluation. */
  | { type: 'Evaluated'; evaluationId: number; answers: QueryAnswer[] }
  | { type: 'Stop'; error?: string; cause?: string }
  /** Only for an execution that ended without success: it goes on where it stood. */
  | { type: 'Redrive' }
);

export type Effect =
  /** Call the integration; answers come back as Task… stimuli with `taskId` (most often the *Scheduled event's id). */
  | {
      type: 'InvokeTask';
      taskId: number;
      stateName: string;
      /** The state's `Resource`, whole. */
      resource: string;
      /** Resolved Parameters/Arguments, or the effective input for a bare function or activity ARN. */
      parameters: Value;
      /** Present for `.waitForTaskToken`: the task stays open until the token is answered. */
      taskToken?: string;
    }
  /** The task's answer is no longer wanted (timeout, abort of the branch, stop). */
  | { type: 'CancelTask'; taskId: number }
  | { type: 'SetTimer'; timerId: number; at: number }
  | { type: 'CancelTimer'; timerId: number }
  | { type: 'StartMapRun'; taskId: number; mapRunArn: string; spec: MapRunSpec }
  | { type: 'StopMapRun'; taskId: number; mapRunArn: string }
  /** The map run that ended without success goes on with its unsuccessful children; answered as StartMapRun is. */
  | { type: 'RedriveMapRun'; taskId: number; mapRunArn: string; redriveCount: number; spec: MapRunSpec }
  /** Comes back as Evaluated. JSONata may hang or grow without end, so it belongs into a process that can be killed. */
  | { type: 'Evaluate'; evaluationId: number; evaluation: Evaluation }
  /** Comes back as Evaluated with one value: whether there is such an activity. */
  | { type: 'FindActivity'; evaluationId: number; activityArn: string }
  | {
      type: 'EndExecution';
      status: Exclude<ExecutionStatus, 'RUNNING'>;
      output?: string;
      error?: string;
      cause?: string;
    };

/** JSONata expressions of one phase of a state, independent of each other, and all that they may look at. Plain JSON. */
export interface Evaluation {
  expressions: string[];
  /** `$states`. */
  states: Json;
  variables: JsonObject;
  /** Epoch milliseconds, for `$now()` and `$millis()`. */
  at: number;
}

/** A Distributed Map with every path and template of its own resolved, except per-item ones. Plain JSON. */
export interface MapRunSpec {
  stateName: string;
  label?: string;
  executionType: 'STANDARD' | 'EXPRESS';
  /** The definition that children run: `{StartAt, States, …}` of the ItemProcessor (or Iterator). */
  itemProcessor: Json;
  /** Items given inline (no ItemReader): the elements, or the members of an object. */
  items?: Json[] | JsonObject;
  itemReader?: {
    resource: string;
    parameters: Json;
    readerConfig: {
      inputType: string;
      csvHeaderLocation?: string;
      csvHeaders?: string[];
      csvDelimiter?: string;
      itemsPointer?: string;
      transformation?: string;
      manifestType?: string;
      maxItems?: number;
    };
  };
  /** Unresolved template; the state's effective input and context come along for its paths. */
  itemSelector?: Json;
  /** Of the ItemSelector; absent: JSONPath. */
  queryLanguage?: 'JSONPath' | 'JSONata';
  /** Those that the ItemSelector may ask for. */
  variables?: JsonObject;
  itemBatcher?: { batchInput?: Json; maxItemsPerBatch?: number; maxInputBytesPerBatch?: number };
  resultWriter?: {
    resource?: string;
    bucket?: string;
    prefix?: string;
    writerConfig?: Json;
    /** Nothing can be written there: the map run fails before it starts a child. */
    problem?: string;
  };
  /** 0: no limit. */
  maxConcurrency: number;
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  /** What `itemSelector` may refer to: the state's effective input and its context object. */
  input: Json;
  context: Json;
}

export interface Step {
  events: HistoryEvent[];
  effects: Effect[];
}
