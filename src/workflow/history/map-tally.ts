import type { ExecutionModel, MapCounts, StateNode } from './execution-model.js';

const countKeys = ['total', 'started', 'succeeded', 'failed', 'aborted'] as const;

/** Counts for the visit of an inline Map and for all visits of it. */
export function tally(model: ExecutionModel, map: StateNode, key: keyof MapCounts, by: number): void {
  if (!map.iterations) return;
  map.iterations[key] += by;
  let all = model.maps.get(map.name);
  if (!all) {
    all = { total: 0, started: 0, succeeded: 0, failed: 0, aborted: 0 };
    model.maps.set(map.name, all);
  }
  all[key] += by;
}

/** Its items turn out to be a map run's, which counts them itself. */
export function untally(model: ExecutionModel, map: StateNode): void {
  for (const key of countKeys) tally(model, map, key, -(map.iterations?.[key] ?? 0));
  const all = model.maps.get(map.name);
  if (all && countKeys.every((key) => all[key] === 0)) model.maps.delete(map.name);
}
