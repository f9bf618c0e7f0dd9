import type { StateRow } from '../states/state-rows.js';

/** What the keys have made of the screen; the rest of it follows from the model. */
export interface WatchView {
  /** Key of the chosen row; undefined: the screen follows what is at work. */
  cursor?: string;
  /** Keys of containers whose rows are folded away. */
  collapsed: ReadonlySet<string>;
  filter: 'all' | 'failed' | 'active';
  /** Input and output of the chosen state are shown. */
  details: boolean;
}

export const initialView: WatchView = { collapsed: new Set(), filter: 'all', details: false };

export const keysHelp =
  // First what must not be cut off in a narrow window.
  'q leaves  ↑↓ choose  ⏎ fold  f filter  n next failure  i input/output  esc follow';

/** A key as the terminal names it: a letter, `up`, `down`, `return`, `escape`. */
export function pressKey(view: WatchView, key: string, rows: StateRow[]): WatchView {
  const shown = visibleRows(rows, view);
  const at = shown.findIndex((row) => row.key === view.cursor);
  switch (key) {
    case 'up':
    case 'k':
      return { ...view, cursor: shown[at < 0 ? shown.length - 1 : Math.max(0, at - 1)]?.key };
    case 'down':
    case 'j':
      return { ...view, cursor: shown[Math.min(shown.length - 1, at + 1)]?.key };
    case 'return':
    case ' ':
      return view.cursor === undefined ? view : { ...view, collapsed: toggled(view.collapsed, view.cursor) };
    case 'f': {
      const filters = ['all', 'failed', 'active'] as const;
      return { ...view, filter: filters[(filters.indexOf(view.filter) + 1) % filters.length] ?? 'all' };
    }
    case 'n': {
      // A failure that is folded away is unfolded.
      const order = [...rows.keys()].map(
        (index) => rows[(rows.findIndex((row) => row.key === view.cursor) + 1 + index) % rows.length],
      );
      const next = order.find((row) => row && isFailed(row));
      return next ? { ...view, cursor: next.key, collapsed: new Set(), filter: 'all' } : view;
    }
    case 'i':
      return { ...view, details: !view.details };
    case 'escape':
      return { ...view, cursor: undefined, details: false };
    default:
      return view;
  }
}

const isFailed = ({ look }: StateRow): boolean =>
  look === 'failed' || look === 'caught' || look === 'retrying';
const isActive = ({ look }: StateRow): boolean =>
  look === 'running' || look === 'waiting' || look === 'retrying';

/** The rows that are to be seen: without what is folded away or filtered out. */
export function visibleRows(rows: StateRow[], { collapsed, filter }: WatchView): StateRow[] {
  const kept: StateRow[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = collapsed.has(row.key) ? row.depth : Number.POSITIVE_INFINITY;
    kept.push(row);
  }
  if (filter === 'all') return kept;
  const fits = filter === 'failed' ? isFailed : isActive;
  // What holds a row that fits is shown with it.
  const needed = new Set<StateRow>();
  const around: StateRow[] = [];
  for (const row of kept) {
    around.length = Math.min(around.length, row.depth);
    around[row.depth] = row;
    if (fits(row)) for (const outer of around) if (outer) needed.add(outer);
  }
  return kept.filter((row) => needed.has(row));
}

function toggled(keys: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
