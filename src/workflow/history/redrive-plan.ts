import { type ExecutionModel, type Scope, type StateNode, scopesInside } from './execution-model.js';

/** A state that a redrive continues, and what of it. */
export interface Rerun {
  stateName: string;
  what: string;
}

/** What was entered and did not exit: a redrive goes on there, and what has succeeded is not done again. */
export function whatRunsAgain(model: ExecutionModel): Rerun[] {
  if (model.status === 'SUCCEEDED' || model.status === 'RUNNING') return [];
  return [...ofScope(model.root)];
}

function* ofScope(scope: Scope): Iterable<Rerun> {
  const node = scope.current;
  if (!node || node.exitedAt !== undefined) return;
  const inside = [...scopesInside(node)];
  const what = ofNode(node, inside);
  if (what) yield { stateName: node.name, what };
  // All iterations of a Map run the same states: they are told by their number.
  if (node.branches) for (const branch of inside) yield* ofScope(branch);
}

function ofNode(node: StateNode, inside: Scope[]): string | undefined {
  if (node.mapRun) {
    return node.error === 'States.DataLimitExceeded'
      ? 'a new map run with all items'
      : 'the items of its map run that did not succeed';
  }
  if (node.iterations) {
    const { total, succeeded } = node.iterations;
    return `${total - succeeded} of ${total} items`;
  }
  if (node.branches) {
    const open = inside.filter(({ current }) => current && current.exitedAt === undefined);
    return `${open.length} of ${inside.length} branches`;
  }
  if (node.type === 'Fail') return 'fails again: a Fail state can do nothing else';
  if (node.type === 'Wait') return 'waits again';
  if (node.type === 'Task') return 'the task is called again, its retries counted anew';
  return 'is evaluated again';
}
