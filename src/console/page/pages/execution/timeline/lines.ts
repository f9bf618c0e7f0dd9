import type { Attempt } from '../../../../../views/execution/timeline.js';
import type { StepRow } from '../../../../api.js';
import type { Items, TreeRow } from './tree-row.js';

/** A line of the timeline: a row, or one attempt of it. */
export interface Line {
  key: string;
  row: TreeRow;
  /** Key of the row; an attempt has its row's. */
  step: string;
  depth: number;
  /** There are lines inside. */
  holds: boolean;
  open: boolean;
  attempt?: { number: number; of: Attempt };
}

/** Of one row, so many lines inside are shown without being asked. */
const SHOWN = 40;

/** Rows by the row around them, in the order in which they began. */
export function childrenOf(rows: ReadonlyMap<string, StepRow>): Map<string | null, string[]> {
  const children = new Map<string | null, string[]>();
  for (const [key, { parent }] of rows) {
    const all = children.get(parent);
    if (all) all.push(key);
    else children.set(parent, [key]);
  }
  return children;
}

/**
 * The tree of rows as lines.
 * @param items of the map runs that are open
 * @param chosen rows that somebody opened or closed; else those are open that hold little, and what went wrong inside
 */
export function linesOf(
  rows: ReadonlyMap<string, StepRow>,
  children: ReadonlyMap<string | null, readonly string[]>,
  chosen: ReadonlyMap<string, boolean>,
  items: Items,
): Line[] {
  const lines: Line[] = [];
  const add = (key: string, depth: number): void => {
    const row = rows.get(key);
    if (!row) return;
    const inside = children.get(key) ?? [];
    const { tries = [] } = row;
    const holds = inside.length > 0 || tries.length > 0 || row.mapRunArn !== undefined;
    const open = holds && (chosen.get(key) ?? isOpenAtFirst(row, inside.length));
    lines.push({ key, row, step: key, depth, holds, open });
    if (!open) return;
    for (const [index, of] of tries.entries())
      lines.push({
        key: `${key}#${index}`,
        row,
        step: key,
        depth: depth + 1,
        holds: false,
        open: false,
        attempt: { number: index + 1, of },
      });
    for (const one of inside) add(one, depth + 1);
    for (const [item, of] of items.get(row.mapRunArn ?? '') ?? [])
      lines.push({ key: item, row: of, step: item, depth: depth + 1, holds: false, open: false });
  };
  for (const key of children.get(null) ?? []) add(key, 0);
  return lines;
}

function isOpenAtFirst({ kind, type, look, mapRunArn, tries = [] }: StepRow, inside: number): boolean {
  if (mapRunArn !== undefined) return look === 'failed';
  if (inside === 0) return tries.length > 0 && look !== 'succeeded';
  if (kind === 'item') return look === 'failed';
  // The items of a Map that went well are all the same.
  return inside <= SHOWN && (type !== 'Map' || look !== 'succeeded');
}

/** The rows around one, the innermost first. */
export function around(rows: ReadonlyMap<string, StepRow>, key: string): string[] {
  const keys: string[] = [];
  for (let at = rows.get(key)?.parent; at !== null && at !== undefined; at = rows.get(at)?.parent)
    keys.push(at);
  return keys;
}

/** The innermost step that failed: where one looks first. */
export function firstFailure(
  rows: ReadonlyMap<string, StepRow>,
  children: ReadonlyMap<string | null, readonly string[]>,
  stateName: string | null | undefined,
): string | undefined {
  let found: string | undefined;
  for (const [key, { kind, look, name }] of rows) {
    if (kind !== 'state' || look !== 'failed') continue;
    const inner = (children.get(key) ?? []).length === 0;
    if (inner && (name === stateName || !stateName)) return key;
    if (found === undefined || inner) found = key;
  }
  return found;
}
