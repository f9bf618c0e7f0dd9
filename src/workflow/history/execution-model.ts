import type { ExecutionStatus } from '../../asl/engine/protocol.js';

/**
 * What is known of one execution, folded from its history (`fold.ts` writes it, everything else only reads).
 * A tree: a scope runs states one after the other; a Parallel or Map state holds the scopes of its branches or
 * iterations. Its size follows the state machine and what is open or failed, not the number of events. It
 * never holds a task token.
 */
export interface ExecutionModel {
  status: ExecutionStatus;
  /** Epoch milliseconds, as all times here. */
  startedAt?: number;
  stoppedAt?: number;
  /** JSON text, task tokens struck out. */
  input?: string;
  output?: string;
  failure?: Failure;
  redriveCount: number;
  root: Scope;
  /** In the order they started; a retried Map starts another one. */
  mapRuns: MapRunNode[];
  /** Inline Maps by state name: the iterations of all their visits, also inside others' iterations. */
  maps: Map<string, MapCounts>;
  /** What the states did in all, by name: also those inside iterations that are long over. */
  totals: Map<string, StateTotals>;
  /** Id of the newest event that was folded in; 0 before the first. */
  lastEventId: number;
  /** Which scope each event belongs to, by event id: events name their predecessor, not their state. */
  owners: (Scope | undefined)[];
}

/** Why the execution ended badly; `stateName` is the innermost state that failed, where one can be named. */
export interface Failure {
  stateName?: string;
  error?: string;
  cause?: string;
}

/** States that run one after the other: the execution itself, a branch of a Parallel, an iteration of a Map. */
export interface Scope {
  /** The Parallel or Map state that this is a branch or an iteration of. */
  parent?: StateNode;
  /** Of a branch or iteration. */
  index?: number;
  /** How an iteration ended badly. */
  ended?: 'failed' | 'aborted';
  /** By name, in the order of first entry. */
  states: Map<string, StateNode>;
  /** Entered last. */
  current?: StateNode;
  /** What its states assigned; JSON texts. */
  variables?: Record<string, string>;
}

export interface StateTotals {
  entered: number;
  exited: number;
  /** Attempts that failed. */
  failed: number;
  /** From entry to exit, of all visits that ended. */
  milliseconds: number;
}

export type StateStatus = 'running' | 'succeeded' | 'failed' | 'caught' | 'aborted';

/** A state of a scope, with what its latest visit did. */
export interface StateNode {
  name: string;
  /** As in the definition: Task, Map, Choice, … */
  type: string;
  scope: Scope;
  /** `failed` while the execution still runs: the attempt failed and a retry is due. */
  status: StateStatus;
  /** How often it was entered (loops). */
  visits: number;
  /** Times that the latest visit began its work; more than 1 after a retry. */
  attempts: number;
  enteredAt: number;
  exitedAt?: number;
  /** When its last attempt failed. */
  failedAt?: number;
  error?: string;
  cause?: string;
  /** The beginning of what the latest visit was given and gave; JSON text, task tokens struck out. */
  input?: string;
  output?: string;
  /** What an open task waits for. */
  wait?: Wait;
  /** Id of the latest ParallelStateStarted or MapStateStarted. */
  startedId?: number;
  branches?: Scope[];
  iterations?: Iterations;
  mapRun?: MapRunNode;
  /** Of a failed Parallel or Map: the state inside that made it fail. */
  failedIn?: StateNode;
}

export interface Wait {
  kind: 'token' | 'activity' | 'sync';
  since: number;
  /** Id of the event that scheduled it: each attempt is another one, with another token. */
  scheduledId: number;
  /** Service integration or activity ARN, as recorded. */
  resource?: string;
  /** The `requestId` found in what was sent with the token. */
  requestId?: string;
}

/** How many iterations went which way. */
export interface MapCounts {
  total: number;
  started: number;
  succeeded: number;
  failed: number;
  aborted: number;
}

/** Iterations of one visit of an inline Map: those that simply succeeded are only counted. */
export interface Iterations extends MapCounts {
  /** Running, failed and aborted ones, by index. */
  open: Map<number, Scope>;
  /** The first ones that succeeded after a state of theirs was retried or caught. */
  troubled: Map<number, Scope>;
}

export interface MapRunNode {
  mapRunArn: string;
  stateName: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  startedAt: number;
  stoppedAt?: number;
  redriveCount: number;
  error?: string;
  cause?: string;
}

/** One visible change, in the order it happened. Those inside an inline Map carry the iteration's index. */
export type Change =
  | { type: 'execution'; at: number; status: ExecutionStatus; error?: string; cause?: string }
  | {
      type: 'state';
      at: number;
      stateName: string;
      status: StateStatus | 'waiting';
      attempt?: number;
      iteration?: number;
      requestId?: string;
      /** Milliseconds from entry to exit. */
      took?: number;
      error?: string;
      cause?: string;
    }
  | {
      type: 'mapRun';
      at: number;
      stateName: string;
      mapRunArn: string;
      status: MapRunNode['status'];
      error?: string;
      cause?: string;
    };

export function createModel(): ExecutionModel {
  return {
    status: 'RUNNING',
    redriveCount: 0,
    root: { states: new Map() },
    mapRuns: [],
    maps: new Map(),
    totals: new Map(),
    lastEventId: 0,
    owners: [],
  };
}

/** Scopes inside a Parallel or Map state that are still known. */
export function scopesInside(node: StateNode): Iterable<Scope> {
  return node.branches ?? node.iterations?.open.values() ?? [];
}

/** The innermost states that are at work now: where a running execution stands. Empty once it has ended. */
export function currentStates(model: ExecutionModel): StateNode[] {
  return model.status === 'RUNNING' ? [...unfinished(model.root)] : [];
}

/** Innermost states of a scope that were entered and did not exit. */
export function* unfinished(scope: Scope): Iterable<StateNode> {
  const node = scope.current;
  if (!node || node.exitedAt !== undefined || node.status === 'aborted') return;
  let inside = false;
  for (const inner of scopesInside(node)) {
    if (inner.ended) continue;
    for (const leaf of unfinished(inner)) {
      inside = true;
      yield leaf;
    }
  }
  if (!inside) yield node;
}

/** Index of the inline Map's iteration that a state runs in, the innermost one. */
export function iterationOf(node: StateNode): number | undefined {
  for (let scope: Scope | undefined = node.scope; scope?.parent; scope = scope.parent.scope) {
    if (scope.parent.iterations) return scope.index;
  }
  return undefined;
}

/** Every known state, containers before what they hold. */
export function* allStates(scope: Scope): Iterable<StateNode> {
  for (const node of scope.states.values()) {
    yield node;
    for (const inner of scopesInside(node)) yield* allStates(inner);
  }
}
