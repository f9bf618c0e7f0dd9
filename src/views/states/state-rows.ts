import type { ExplainedMapRun } from '../../operations/follow/explain-map-runs.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import {
  allStates,
  type ExecutionModel,
  type Iterations,
  type Scope,
  type StateNode,
  unfinished,
  type Wait,
} from '../../workflow/history/execution-model.js';
import { formatDuration } from '../text/duration.js';
import { oneLine } from '../text/safe-text.js';
import type { Look } from '../text/status-look.js';
import { type CountedReason, itemReasons, runReasons } from './item-reasons.js';
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
  /** There is more in it than is shown while it is not opened. */
  more?: true;
}

/** Iterations of one inline Map that get rows of their own, and of one that is opened; the rest is counted. */
const SHOWN_ITERATIONS = 5;
const OPENED_ITERATIONS = 1000;
/** Ends the key of the row that counts them. */
const MORE = '#more';
/** Open iterations that are looked into for one that waits: a frame costs the same for ten thousand. */
const LOOKED_AT_ITERATIONS = 500;

const nothingOpened: ReadonlySet<string> = new Set();

/** The key of what a row has more of, if it is a count: that of its Map. */
export const mapOfMore = (key: string): string => (key.endsWith(MORE) ? key.slice(0, -MORE.length) : key);

/**
 * The tree of states as rows, in the order of first entry. `now`: epoch milliseconds.
 * @param opened keys of Maps whose iterations, and of iterations whose states, are all shown
 */
export function stateRows(
  model: ExecutionModel,
  mapRuns: readonly ExplainedMapRun[],
  now: number,
  opened = nothingOpened,
): StateRow[] {
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
      const elapsed = endOf(node, model, until) - node.enteredAt;
      row.progress = iterationProgress(
        node.iterations,
        elapsed,
        node.status !== 'running' || model.status !== 'RUNNING',
      );
    }
    if (node.iterations && !node.mapRun && node.iterations.open.size + node.iterations.troubled.size > 0)
      row.more = true;
    rows.push(row);
    if (run?.why) addReasons(runReasons(run), depth + 1, key);
    if (node.branches) addBranches(node.branches, depth + 1, key);
    if (node.iterations) addIterations(node.iterations, depth + 1, key);
  };
  const addReasons = (reasons: readonly CountedReason[], depth: number, path: string): void => {
    for (const [index, { what, reason }] of reasons.entries())
      rows.push({ key: `${path}#why${index}`, depth, look: 'plain', name: what, notes: [oneLine(reason)] });
  };
  const addBranches = (branches: Scope[], depth: number, path: string): void => {
    for (const [index, branch] of branches.entries()) {
      if (branch.states.size === 0) continue;
      const key = `${path}#${index}`;
      rows.push({ key, depth, look: 'plain', name: `branch ${index + 1}`, notes: [] });
      addScope(branch, depth + 1, key);
    }
  };
  const addIterations = (iterations: Iterations, depth: number, path: string): void => {
    // What failed and what waits for someone is what one looks for; the others are told by their number.
    if (iterations.failed > SHOWN_ITERATIONS) addReasons(itemReasons(iterations), depth, path);
    const all = opened.has(path);
    const most = all ? OPENED_ITERATIONS : SHOWN_ITERATIONS;
    const shown: Scope[] = [];
    let looked = 0;
    for (const scope of iterations.open.values()) {
      if (shown.length === most || looked === most + LOOKED_AT_ITERATIONS) break;
      if (!scope.ended) looked++;
      if (all || scope.ended === 'failed' || (!scope.ended && asksForSomeone(scope))) shown.push(scope);
    }
    for (const scope of iterations.troubled.values()) {
      if (shown.length === most) break;
      shown.push(scope);
    }
    if (all) shown.sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
    for (const scope of shown) addIteration(scope, depth, `${path}#${scope.index}`);
    const count = (is: (scope: Scope) => boolean): number => shown.filter(is).length;
    const left = [
      [iterations.failed - count(({ ended }) => ended === 'failed'), 'failed'],
      [
        iterations.troubled.size - count((scope) => iterations.troubled.has(scope.index ?? -1)),
        'retried or caught',
      ],
    ].flatMap(([number = 0, what]) => (Number(number) > 0 ? [`${number} more ${what} items`] : []));
    if (left.length > 0)
      rows.push({ key: path + MORE, depth, look: 'plain', name: left.join(', '), notes: [], more: true });
  };
  const addIteration = (scope: Scope, depth: number, key: string): void => {
    const over = !scope.ended && scope.parent?.iterations?.troubled.has(scope.index ?? -1) === true;
    const all = opened.has(key);
    const nodes = all
      ? [...scope.states.values()]
      : over
        ? troubled(scope)
        : scope.ended
          ? faulty(scope)
          : [...unfinished(scope)];
    const row: StateRow = { key, depth, look: 'plain', name: `item ${scope.index}`, notes: [] };
    if (all || nodes.length < scope.states.size) row.more = true;
    rows.push(row);
    for (const node of nodes) addState(node, depth + 1, `${key}/${node.name}`);
  };
  addScope(model.root, 0, '');
  return rows;
}

/** Something in it waits for an answer, or has failed and is to be tried again. */
const asksForSomeone = (scope: Scope): boolean =>
  [...unfinished(scope)].some((node) => node.wait?.kind === 'token' || node.status === 'failed');
/** What was retried or caught in an iteration that went well at last. */
const troubled = (scope: Scope): StateNode[] =>
  [...allStates(scope)].filter(({ status, attempts }) => status === 'caught' || attempts > 1);
const faulty = (scope: Scope): StateNode[] => (scope.current ? [scope.current] : []);

export function lookOf(node: StateNode, model: Pick<ExecutionModel, 'status'>): Look {
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
