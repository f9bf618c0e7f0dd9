import { mapOfMore, type StateRow } from '../states/state-rows.js';
import { movedBy } from './cursor.js';

/** What the keys have made of the screen; the rest of it follows from the model. */
export interface WatchView {
  /** Key of the chosen row; undefined: the screen follows what is at work. */
  cursor?: string;
  /** Keys of containers whose rows are folded away. */
  collapsed: ReadonlySet<string>;
  /** Keys of Maps and iterations of which everything is shown. */
  opened: ReadonlySet<string>;
  filter: 'all' | 'failed' | 'active';
  /** Input and output of the chosen state are shown. */
  details: boolean;
}

export const initialView: WatchView = {
  collapsed: new Set(),
  opened: new Set(),
  filter: 'all',
  details: false,
};

export const keysHelp =
  // First what must not be cut off in a narrow window.
  'q leaves  ↑↓ choose  ⏎ open/fold  f filter  n next failure  i input/output  esc follow';

/** A key as the terminal names it: a letter, `up`, `down`, `return`, `escape`. */
export function pressKey(view: WatchView, key: string, rows: StateRow[]): WatchView {
  const shown = visibleRows(rows, view);
  const at = shown.findIndex((row) => row.key === view.cursor);
  const next = movedBy(key, at, shown.length, PAGE);
  if (next !== undefined) return { ...view, cursor: shown[next]?.key };
  switch (key) {
    case 'return':
    case ' ':
      return shown[at] ? folded(view, shown[at]) : view;
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

const PAGE = 10;

/** Of what is folded away, what is worth a look is shown first, then everything, then nothing. */
function folded(view: WatchView, { key, more }: StateRow): WatchView {
  const { collapsed, opened } = view;
  const what = mapOfMore(key);
  if (collapsed.has(what)) return { ...view, collapsed: toggled(collapsed, what) };
  if (more && !opened.has(what)) return { ...view, cursor: what, opened: toggled(opened, what) };
  const closed = opened.has(what) ? toggled(opened, what) : opened;
  return { ...view, collapsed: toggled(collapsed, what), opened: closed };
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

/** The row that is worth looking at by itself: the last one that is at work or failed. */
export const busiest = (rows: readonly StateRow[]): number =>
  rows.findLastIndex((row) => ['running', 'waiting', 'retrying', 'failed'].includes(row.look));
