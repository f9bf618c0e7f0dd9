import type { Json, JsonObject } from '../../json/json.js';
import type { Path } from '../data/json-path.js';
import type { Expression } from '../data/path-or-intrinsic.js';
import type { Template } from '../data/payload-template.js';

/** A definition made ready to run: paths, templates and resources parsed once, names resolved. */
export interface StateMachine extends Workflow {
  definition: JsonObject;
  timeoutSeconds?: number;
}

/** What the top level, a Parallel branch and a Map's processor have in common. */
export interface Workflow {
  startAt: string;
  states: ReadonlyMap<string, State>;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

interface Common {
  name: string;
  /** A JSONata state has `parameters` (its Arguments), `output` and `assign`; the paths are JSONPath's. */
  language: QueryLanguage;
  /** Absent: the workflow ends here (or, for a Choice, no rule said otherwise). */
  next?: string;
  /** `undefined`: the whole; `null`: an empty object instead. */
  inputPath?: Path | null;
  outputPath?: Path | null;
  output?: Template;
  assign?: Template;
}

export type QueryLanguage = 'JSONPath' | 'JSONata';

/** States whose result finds its place in the output. */
interface WithResult extends Common {
  parameters?: Template;
  resultSelector?: Template;
  /** `undefined`: replaces all; `null`: is thrown away. */
  resultPath?: Path | null;
}

interface WithErrors extends WithResult {
  retry: Retrier[];
  catch: Catcher[];
}

export interface Retrier {
  errorEquals: string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds?: number;
  fullJitter: boolean;
}

export interface Catcher {
  errorEquals: string[];
  next: string;
  resultPath?: Path | null;
  output?: Template;
  assign?: Template;
}

export type QueryTemplate = Extract<Template, { kind: 'query' }>;

/** A number of the definition, the path where the input has it, or the query that gives it. */
export type Setting = number | Path | QueryTemplate | undefined;

/** Whom a Task calls, from its Resource. */
export type Integration =
  | { kind: 'lambda' }
  | { kind: 'activity' }
  | {
      kind: 'service';
      /** `lambda`, `sqs`, `aws-sdk:s3`. */
      resourceType: string;
      /** `invoke`, `sendMessage.waitForTaskToken`. */
      resource: string;
      pattern: 'call' | 'sync' | 'waitForTaskToken';
    };

export interface PassState extends WithResult {
  type: 'Pass';
  result?: Json;
}
export interface TaskState extends WithErrors {
  type: 'Task';
  resource: string;
  integration: Integration;
  timeout: Setting;
  heartbeat: Setting;
  credentials?: Template;
}
export interface ChoiceState extends Common {
  type: 'Choice';
  rules: ChoiceRule[];
}
export interface WaitState extends Common {
  type: 'Wait';
  seconds: Setting;
  /** Epoch milliseconds, or the path to a timestamp. */
  timestamp: Setting;
}
export interface SucceedState extends Common {
  type: 'Succeed';
}
export type FailText = string | Expression | QueryTemplate;
export interface FailState extends Common {
  type: 'Fail';
  error?: FailText;
  cause?: FailText;
}
export interface ParallelState extends WithErrors {
  type: 'Parallel';
  branches: Workflow[];
}
export interface MapState extends WithErrors {
  type: 'Map';
  itemsPath?: Path;
  /** JSONata's way to say what the Map goes over. */
  items?: Template;
  itemSelector?: Template;
  maxConcurrency: Setting;
  processor: Workflow;
  distributed?: DistributedMap;
  /** An inline Map that is tried alone: it is run as a distributed one, but goes over no object. */
  arraysOnly?: true;
  /** Inline, with a field that only a Distributed Map may have: taken, and fails when it runs. */
  misplaced?: boolean;
}

export interface DistributedMap {
  label?: string;
  executionType: 'STANDARD' | 'EXPRESS';
  itemProcessor: JsonObject;
  itemSelector?: Json;
  itemReader?: { resource: string; parameters?: Template; readerConfig: JsonObject; maxItems: Setting };
  itemBatcher?: { batchInput?: Template; maxItems: Setting; maxInputBytes: Setting };
  resultWriter?: { resource?: string; parameters?: Template; writerConfig?: Json };
  toleratedFailureCount: Setting;
  toleratedFailurePercentage: Setting;
}

export interface ChoiceRule {
  condition: Condition | QueryTemplate;
  next: string;
  output?: Template;
  assign?: Template;
}

export type Condition =
  | { kind: 'constant'; value: boolean }
  | { kind: 'and' | 'or'; conditions: Condition[] }
  | { kind: 'not'; condition: Condition }
  | { kind: 'compare'; variable: Path; operator: string; operand: Json | Path; byPath: boolean };
