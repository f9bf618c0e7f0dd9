import type { MapRunDescription } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import {
  type ExecutionModel,
  type Iterations,
  type Scope,
  type StateNode,
  unfinished,
  type Wait,
} from '../../workflow/history/model.js';
import { formatDuration } from '../text/duration.js';
import type { Look } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { iterationProgress, type MapProgress, mapRunProgress } from './map-progress.js';

/** One line of the tree of states. */
export interface StateRow {
  /** The same for the same thing in every frame. */
  key: string;
  depth: number;
  /** The state that it is of; branches and items have none. */
  node?: StateNode;
  look: Look;
  name: string;
  /** Behind the name, in this order: duration, attempts, what it waits for, why it failed. */
  notes: string[];
  /** Of a Map: drawn as a bar under its name. */
  progress?: MapProgress;
}

/** Iterations of one inline Map that get rows of their own; the rest is counted. */
const SHOWN_ITERATIONS = 5;
/** Open iterations that are looked into for one that waits: a frame costs the same for ten thousand. */
const LOOKED_AT_ITERATIONS = 500;

/** The tree of states as rows, in the order of first entry. `now`: epoch milliseconds. */
export function stateRows(model: ExecutionModel, mapRuns: MapRunDescription[], now: number): StateRow[] {
  const rows: StateRow[] = [];
  const until = model.stoppedAt ?? now;
  const addScope = (scope: Scope, depth: number, path: string): void => {
    for (const node of scope.states.values()) addState(node, depth, `${path}/${node.name}`);
  };
  const addState = (node: StateNode, depth: number, key: string): void => {
    const run = node.mapRun && mapRuns.find((run) => run.mapRunArn === node.mapRun?.mapRunArn);
    const row: StateRow = {
      key,
      node,
      depth,
      look: lookOf(node, model),
      name: node.name,
      notes: notesOf(node, model, until),
    };
    if (run) row.progress = mapRunProgress(run, until);
    else if (node.iterations && !node.mapRun && node.iterations.total > 0) {
      row.progress = iterationProgress(node.iterations, (node.exitedAt ?? until) - node.enteredAt);
    }
    rows.push(row);
    if (node.branches) addBranches(node.branches, depth + 1, key);
    if (node.iterations) addIterations(node.iterations, depth + 1, key);
  };
  const addBranches = (branches: Scope[], depth: number, path: string): void => {
    for (const [index, branch] of branches.entries()) {
      if (branch.states.size === 0) continue;
      const key = `${path}#${index}`;
      rows.push({ key, depth, look: 'plain', name: `branch ${index + 1}`, notes: [] });
      addScope(branch, depth + 1, key);
    }
  };
  const addIterations = ({ open, failed }: Iterations, depth: number, path: string): void => {
    // What failed and what waits for someone is what one looks for; the others are told by their number.
    let shown = 0;
    let shownFailed = 0;
    let looked = 0;
    for (const scope of open.values()) {
      if (shown === SHOWN_ITERATIONS || looked === LOOKED_AT_ITERATIONS) break;
      if (!scope.ended) looked++;
      if (scope.ended !== 'failed' && !(!scope.ended && waits(scope))) continue;
      shown++;
      if (scope.ended) shownFailed++;
      const key = `${path}#${scope.index}`;
      rows.push({ key, depth, look: 'plain', name: `item ${scope.index}`, notes: [] });
      for (const node of scope.ended ? faulty(scope) : unfinished(scope))
        addState(node, depth + 1, `${key}/${node.name}`);
    }
    const more = failed - shownFailed;
    if (more > 0) {
      const name = `${more} more failed items`;
      rows.push({ key: `${path}#more`, depth, look: 'plain', name, notes: [] });
    }
  };
  addScope(model.root, 0, '');
  return rows;
}

const waits = (scope: Scope): boolean => [...unfinished(scope)].some((node) => node.wait?.kind === 'token');
const faulty = (scope: Scope): StateNode[] => (scope.current ? [scope.current] : []);

function lookOf(node: StateNode, model: ExecutionModel): Look {
  if (node.status === 'running' && node.wait && node.wait.kind !== 'sync') return 'waiting';
  if (node.status === 'running' && node.type === 'Wait') return 'waiting';
  if (node.status === 'failed' && model.status === 'RUNNING' && node.type === 'Task' && !node.scope.ended)
    return 'retrying';
  return node.status;
}

function notesOf(node: StateNode, model: ExecutionModel, until: number): string[] {
  const notes: string[] = [];
  if (node.type !== 'Fail') notes.push(formatDuration(endOf(node, model, until) - node.enteredAt));
  if (node.visits > 1) notes.push(`entered ${node.visits} times`);
  if (node.attempts > 1) notes.push(`attempt ${node.attempts}`);
  if (node.status === 'running' && node.wait) notes.push(waitNote(node.wait));
  if (node.status === 'failed' || node.status === 'caught') {
    if (node.failedIn) return notes;
    const why = node.error || node.cause ? oneLine(decodeFailure(node.error, node.cause).message) : '';
    if (why) notes.push(node.status === 'caught' ? `caught: ${why}` : why);
    if (lookOf(node, model) === 'retrying') notes.push('to be retried');
  }
  return notes;
}

/** Until when a state took its time: one that failed for good, until then. */
function endOf(node: StateNode, model: ExecutionModel, until: number): number {
  if (node.exitedAt !== undefined) return node.exitedAt;
  return (lookOf(node, model) === 'failed' ? node.failedAt : undefined) ?? until;
}

/** `waits on a task token (request r-1)` */
export function waitNote(wait: Pick<Wait, 'kind' | 'requestId'>): string {
  if (wait.kind === 'sync') return 'waits for the job to end';
  if (wait.kind === 'activity') return 'waits for an activity worker';
  return `waits on a task token${wait.requestId ? ` (request ${oneLine(wait.requestId)})` : ''}`;
}
