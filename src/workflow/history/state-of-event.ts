import type { HistoryEvent } from '../../asl/engine/history-event.js';
import {
  allStates,
  type ExecutionModel,
  type Scope,
  type StateNode,
  scopesInside,
  unfinished,
} from './execution-model.js';
import { tally } from './map-tally.js';

/**
 * Events name their predecessor (`previousEventId`), seldom their state; after an abort or a redrive not even
 * the predecessor is of the same branch. These find the state that an event speaks of.
 */

/** The scope that an event belongs to before its type has a say: that of its predecessor. */
export function ownerOf(model: ExecutionModel, event: HistoryEvent): Scope {
  return model.owners[event.previousEventId] ?? model.root;
}

/** The state `name` that is current in the scope of event `from` or in one around it (or holds it). */
export function stateNamed(
  model: ExecutionModel,
  from: number,
  name: string | undefined,
): StateNode | undefined {
  for (let scope: Scope | undefined = model.owners[from] ?? model.root; scope; scope = scope.parent?.scope) {
    if (scope.current?.name === name) return scope.current;
    if (scope.parent?.name === name) return scope.parent;
  }
  // The chain is broken (lines of a log are missing): the name alone has to do.
  for (const node of allStates(model.root)) {
    if (node.name === name && node.exitedAt === undefined) return node;
  }
  return undefined;
}

/** The Parallel or Map that is at work in `scope` or around it. */
export function nearest(from: Scope | undefined, type: string): StateNode | undefined {
  for (let scope = from; scope; scope = scope.parent?.scope) {
    const node = scope.current;
    if (node?.type === type && node.exitedAt === undefined && node.status === 'running') return node;
  }
  // Its failure was recorded, then a Catch failed as well: it fails a second time.
  return from?.current?.type === type ? from.current : undefined;
}

/** The Task at work in `scope`; after a redrive, whose events follow none of the branch, the first inside it. */
export function taskFor(scope: Scope | undefined): StateNode | undefined {
  if (!scope) return undefined;
  if (scope.current?.type === 'Task') return scope.current;
  for (const leaf of unfinished(scope)) if (leaf.type === 'Task' && leaf.attempts === 0) return leaf;
  return undefined;
}

/** The innermost state that made this one fail. */
export function stateInFault(node: StateNode): StateNode {
  return node.failedIn ? stateInFault(node.failedIn) : node;
}

/** Ends what can no longer go on. */
export const interrupt = {
  /** All that runs in a scope. */
  scope(scope: Scope): void {
    const node = scope.current;
    if (!node || node.exitedAt !== undefined) return;
    if (node.status === 'running') node.status = 'aborted';
    node.wait = undefined;
    interrupt.inside(node);
  },
  /** All that runs inside a Parallel or Map. */
  inside(node: StateNode): void {
    for (const inner of scopesInside(node)) interrupt.scope(inner);
  },
  /** States that are running, the innermost only. */
  *leaves(scope: Scope): Iterable<StateNode> {
    for (const leaf of unfinished(scope)) if (leaf.status === 'running') yield leaf;
  },
  /** The first running state of a type in `scope`, or in the Parallel or Map around it, and so on outwards. */
  first(from: Scope | undefined, type: string): StateNode | undefined {
    for (let scope = from; scope; scope = scope.parent?.scope) {
      for (const leaf of interrupt.leaves(scope)) if (leaf.type === type) return leaf;
    }
    return undefined;
  },
};

/** A redrive: what was entered and did not exit goes on, with its retries counted anew. */
export function resume(model: ExecutionModel, scope: Scope): void {
  const node = scope.current;
  if (!node || node.exitedAt !== undefined) return;
  node.status = 'running';
  node.attempts = 0;
  node.error = node.cause = node.failedIn = undefined;
  for (const inner of scopesInside(node)) {
    if (inner.ended) tally(model, node, inner.ended, -1);
    inner.ended = undefined;
    resume(model, inner);
  }
}
